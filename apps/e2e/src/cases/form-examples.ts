import { drawPng } from '../scenarios/images.js';

/** A form that is right: texts, and files by their fields. */
export interface FormExample {
  title: string;
  path: string;
  texts: Readonly<Record<string, string>>;
  files: Readonly<Record<string, () => File>>;
  required: readonly string[];
  /** What is wrong of a field; an empty list of bytes is a file. */
  values: Readonly<Record<string, readonly (string | File)[]>>;
}

/** A form that is wrong in one field alone. */
export interface WrongForm {
  field: string;
  title: string;
  form(): FormData;
}

const PICTURE = () => new File([new Uint8Array(drawPng())], 'a.png', { type: 'image/png' });
const NO_PICTURE = new File(['no picture'], 'a.png', { type: 'image/png' });
const EMPTY = new File([], 'a.png', { type: 'image/png' });

export const formExamples = (model: string): FormExample[] => [
  {
    title: 'files as a form',
    path: '/files',
    texts: { purpose: 'user_data', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600' },
    files: { file: () => new File(['words'], 'a.txt', { type: 'text/plain' }) },
    required: ['purpose', 'file', 'expires_after[seconds]'],
    values: {
      purpose: ['', 'no purpose', '7'],
      'expires_after[anchor]': ['last_read_at', ''],
      'expires_after[seconds]': ['soon', '-1', '3599', '2592001', '3600.5', ''],
      expires_after: ['tomorrow', '7', '[]'],
      file: ['only text'],
    },
  },
  {
    title: 'images.edits as a form',
    path: '/images/edits',
    texts: { model, prompt: 'as a dog', n: '1', size: '1024x1024', output_compression: '90' },
    files: { image: PICTURE, mask: PICTURE },
    required: ['prompt', 'image'],
    values: {
      prompt: ['', 'x'.repeat(32_001)],
      n: ['0', '11', 'many', '1.5', ''],
      size: ['large'],
      quality: ['enormous'],
      background: ['pink'],
      output_format: ['gif'],
      output_compression: ['101', 'much'],
      response_format: ['film'],
      input_fidelity: ['medium'],
      stream: ['maybe'],
      image: [NO_PICTURE, EMPTY, 'ftp://example.com/a.png'],
      mask: [NO_PICTURE, EMPTY],
    },
  },
  {
    title: 'transcriptions as a form',
    path: '/audio/transcriptions',
    texts: { model, temperature: '0.5', response_format: 'json' },
    files: { file: sound },
    required: ['model', 'file'],
    values: {
      temperature: ['9', 'hot'],
      response_format: ['film'],
      stream: ['maybe'],
      file: [NO_PICTURE, EMPTY],
    },
  },
];

export function rightForm({ texts, files }: FormExample): FormData {
  const form = new FormData();
  for (const [name, text] of Object.entries(texts)) form.append(name, text);
  for (const [name, file] of Object.entries(files)) form.append(name, file());
  return form;
}

export function wrongForms(example: FormExample): WrongForm[] {
  const change = (field: string, title: string, edit: (form: FormData) => void): WrongForm => ({
    field: field.replace(/\[(\w+)\]$/, '.$1'),
    title: `${field} ${title}`,
    form: () => {
      const form = rightForm(example);
      edit(form);
      return form;
    },
  });
  const missing = example.required.map((field) => change(field, 'is missing', (form) => form.delete(field)));
  const wrong = Object.entries(example.values).flatMap(([field, values]) =>
    values.map((value) => change(field, `is ${describe(value)}`, (form) => form.set(field, value))),
  );
  return [...missing, ...wrong];
}

function sound(): File {
  const head = Buffer.from('UklGRqQfAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YYAfAAA=', 'base64');
  return new File([new Uint8Array(head), new Uint8Array(8_064)], 'hello.wav', { type: 'audio/wav' });
}

function describe(value: string | File): string {
  return typeof value === 'string' ? `“${value.slice(0, 40)}”` : `a file of ${value.size} wrong bytes`;
}
