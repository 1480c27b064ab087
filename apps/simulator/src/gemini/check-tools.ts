import { checkSchema } from './check-schema.js';
import { declarationsOf, type GenerateRequest } from './generate-request.js';
import type { ModelFamily } from './model-family.js';
import { invalidArgument } from './refuse.js';

const FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/;
const MOST_DECLARATIONS = 512;

export function checkTools(request: GenerateRequest, family: ModelFamily): void {
  checkMixes(request, family);
  const declarations = declarationsOf(request);
  if (declarations.length > MOST_DECLARATIONS)
    throw invalidArgument(`At most ${MOST_DECLARATIONS} function declarations are allowed.`, 'tools');
  const seen = new Set<string>();
  declarations.forEach(({ name, parameters, parametersJsonSchema }, index) => {
    const place = `tools[0].function_declarations[${index}]`;
    if (!FUNCTION_NAME.test(name))
      throw invalidArgument(
        `* GenerateContentRequest.${place}.name: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n`,
        `${place}.name`,
      );
    if (seen.has(name)) throw invalidArgument(`Duplicate function declaration found: ${name}`, `${place}.name`);
    seen.add(name);
    if (parameters !== undefined && parametersJsonSchema !== undefined)
      throw invalidArgument(`parameters and parameters_json_schema are mutually exclusive for ${name}.`, place);
    if (parameters !== undefined) checkSchema(parameters, `${place}.parameters`);
  });
  checkCalling(request, seen);
}

function checkMixes({ tools, generationConfig }: GenerateRequest, { version }: ModelFamily): void {
  if (version >= 3) return;
  const kinds = new Set(tools.flatMap((tool) => Object.keys(tool)));
  if (kinds.has('functionDeclarations') && kinds.size > 1)
    throw invalidArgument('Tool use with function calling is unsupported');
  if (kinds.size > 0 && generationConfig.responseMimeType === 'application/json')
    throw invalidArgument("Tool use with a response mime type: 'application/json' is unsupported");
}

function checkCalling({ toolConfig }: GenerateRequest, declared: ReadonlySet<string>): void {
  const { mode, allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  if (allowedFunctionNames.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED')
    throw invalidArgument(
      'Allowed function names should be set only when function calling mode is ANY.',
      'tool_config.function_calling_config.allowed_function_names',
    );
  const unknown = allowedFunctionNames.find((name) => !declared.has(name));
  if (unknown !== undefined)
    throw invalidArgument(`allowed_function_names contains ${unknown}, which is not declared.`);
  if (mode === 'ANY' && declared.size === 0)
    throw invalidArgument('Function calling config is set without function_declarations.', 'tool_config');
}
