// @ts-check
// The spellings of an upstream's name, and which names can be one.

/** @typedef {{ id: string, camel: string, pascal: string, title: string }} Names */

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST = 30;
/** A constant of the adapter and a file of the manifests have the name. */
const TAKEN = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async chat post upstream upstreams upstream-manifest shared utils util helpers helper types common constants index misc'.split(
    ' ',
  ),
);

/** Throws where it cannot be one. @param {string} name @returns {Names} */
export function namesOf(name) {
  if (!NAME.test(name) || name.length > LONGEST)
    throw new Error(
      `“${name}” is no name for an upstream: small letters, digits and single hyphens, at most ${LONGEST}.`,
    );
  if (TAKEN.has(name) || name.endsWith('-worker')) throw new Error(`“${name}” cannot be the name of an upstream.`);
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const pascal = words.join('');
  return { id: name, camel: pascal.charAt(0).toLowerCase() + pascal.slice(1), pascal, title: words.join(' ') };
}
