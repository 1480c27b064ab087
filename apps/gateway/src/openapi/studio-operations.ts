import {
  changePasswordSchema,
  createStudioUserSchema,
  loginSchema,
  registerSchema,
  resetPasswordSchema,
  updateStudioUserSchema,
} from '@sluice/domain-studio/account-bodies';
import { createStudioVideoSchema } from '../studio/studio-bodies.js';
import type { Operation } from './operations.js';

const open = { tag: 'Studio', auth: 'none', method: 'post' } as const;
const common = { tag: 'Studio', auth: 'user' } as const;
const get = { ...common, method: 'get' } as const;

const admin = { tag: 'Admin', auth: 'admin' } as const;
const users = '/admin/api/studio/users';

/** The studio's API, for people who log in. */
export const STUDIO_OPERATIONS: readonly Operation[] = [
  { ...open, path: '/api/auth/register', summary: 'Make an account (201)', body: registerSchema },
  { ...open, path: '/api/auth/login', summary: 'Log in; the token is good for days', body: loginSchema },
  { ...get, path: '/api/auth/me', summary: 'Who is logged in' },
  {
    ...common,
    method: 'post',
    path: '/api/auth/password',
    summary: 'Change the password; answers a new token, and all before it are void',
    body: changePasswordSchema,
  },
  { ...common, method: 'delete', path: '/api/auth/me', summary: 'Delete the account and all that it made' },
  {
    ...common,
    method: 'post',
    path: '/api/videos',
    summary: 'Start a video; answers its job (202)',
    body: createStudioVideoSchema,
  },
  { ...get, path: '/api/videos', summary: "One's videos by page, limit and status" },
  { ...get, path: '/api/videos/jobs', summary: 'Jobs that wait or run' },
  { ...get, path: '/api/videos/jobs/{id}', summary: 'How far a job is' },
  { ...get, path: '/api/videos/jobs/{id}/stream', summary: 'The same as it happens', isStreamable: true },
  { ...common, method: 'post', path: '/api/videos/jobs/{id}/cancel', summary: 'End a job' },
  { ...get, path: '/api/videos/{id}', summary: 'A video, with links to its files' },
  { ...get, path: '/api/videos/{id}/content', summary: 'Its file, whole or in part' },
  { ...common, method: 'delete', path: '/api/videos/{id}', summary: 'Delete a video and its files' },
  { ...admin, method: 'get', path: users, summary: "The studio's users, the newest first; email, cursor, limit" },
  {
    ...admin,
    method: 'post',
    path: users,
    summary: 'Make a user (201); shows the password, once, where one was made',
    body: createStudioUserSchema,
  },
  { ...admin, method: 'get', path: `${users}/{id}`, summary: 'One user of the studio' },
  {
    ...admin,
    method: 'patch',
    path: `${users}/{id}`,
    summary: 'Rename, disable or limit a user',
    body: updateStudioUserSchema,
  },
  {
    ...admin,
    method: 'post',
    path: `${users}/{id}/password`,
    summary: 'Reset a password; shows it, once, where one was made',
    body: resetPasswordSchema,
  },
  { ...admin, method: 'delete', path: `${users}/{id}`, summary: 'Delete a user and all that they made' },
];
