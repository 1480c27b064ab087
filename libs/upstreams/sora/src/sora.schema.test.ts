import { describe, expect, it } from 'vitest';
import { readVideo } from './sora.schema.js';

describe('the id of a video', () => {
  it.each([
    [{ code: 0, request_id: 'req-1', data: { task_id: 'task-77' } }, 'task-77'],
    [{ request_id: 'req-1', video: { id: 'v-1' } }, 'v-1'],
    [{ request_id: 'req-1', task: { generation_id: 'g-1' } }, 'g-1'],
    [{ request_id: 'req-1', data: [{ id: 'v-1' }] }, 'v-1'],
    [{ request_id: 'req-1', status: 'queued' }, 'req-1'],
    [{ request_id: 'req-1', status: 'queued', data: { url: null } }, 'req-1'],
    [{ id: 'v-1', data: [{ id: 'file-1' }] }, 'v-1'],
  ])('in %j is %s', (json, id) => {
    expect(readVideo(json)).toMatchObject({ id });
  });

  it('is the one that is looked for, whatever has better names', () => {
    const json = { request_id: 'req-1', status: 'completed', video: { id: 'file-1', url: 'https://storage.test/f' } };
    expect(readVideo(json, 'req-1')).toMatchObject({ id: 'req-1', status: 'completed' });
    expect(readVideo({ request_id: 'req-2', data: { task_id: 'task-7', status: 'done' } }, 'task-7')).toMatchObject({
      id: 'task-7',
    });
  });

  it('is done by a time of completion in any words', () => {
    expect(readVideo({ id: 'v', completed_at: '2027-01-15 08:00:00' })).toMatchObject({ isCompleted: true });
    expect(readVideo({ id: 'v', completed_at: null })).not.toHaveProperty('isCompleted');
  });
});
