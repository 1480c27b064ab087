import { strict as assert } from 'node:assert';
import type { SluiceClient } from '../harness/sluice-client.js';
import { formExamples, rightForm, wrongForms } from './form-examples.js';
import { proveWrongField } from './prove-wrong-fields.js';
import { sdkCallers } from './sdk-callers.js';

/** Every form that is wrong in one field is refused by its name, as both majors of OpenAI's SDK tell it. Answers how many there were. */
export async function proveWrongForms(client: SluiceClient, title: string): Promise<number> {
  const { model } = await client.admin.createModel();
  const example =
    formExamples(model).find((each) => each.title === title) ?? assert.fail(`there is no form “${title}”`);
  const callers = sdkCallers(client.run).filter(({ family }) => family === 'openai');
  const flaws: string[] = [];
  const wrong = wrongForms(example);
  for (const caller of callers) {
    await caller.post(example.path, rightForm(example));
    for (const each of wrong)
      await proveWrongField(caller, example.path, { ...each, body: each.form() }).catch((error: Error) =>
        flaws.push(`${caller.name}: ${each.title}: ${error.message}`),
      );
  }
  assert.ok(flaws.length === 0, `${flaws.length} flaws\n${flaws.join('\n')}`);
  return wrong.length;
}
