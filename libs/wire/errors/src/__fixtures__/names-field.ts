/**
 * Whether `param` names a field of the body in the client's own spelling: one that is there, or one that is missing from
 * an object that is.
 */
export function namesField(body: unknown, param: string): boolean {
  if (Array.isArray(body)) {
    const [matched, index] = /^\[(\d+)\]/.exec(param) ?? [];
    if (matched === undefined || Number(index) >= body.length) return false;
    return namesRest(body[Number(index)], param.slice(matched.length));
  }
  if (typeof body !== 'object' || body === null) return false;
  // A name may hold dots and brackets itself.
  const own = Object.entries(body).filter(([name]) => param.startsWith(name));
  if (own.some(([name, value]) => namesRest(value, param.slice(name.length)))) return true;
  return /^[^.[\]]+$/.test(param);
}

function namesRest(value: unknown, rest: string): boolean {
  if (rest === '') return true;
  if (rest.startsWith('[')) return Array.isArray(value) && namesField(value, rest);
  return rest.startsWith('.') && !Array.isArray(value) && namesField(value, rest.slice(1));
}
