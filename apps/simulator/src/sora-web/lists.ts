import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { sendText } from '../http/send-text.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Handler } from '../vendor.js';
import { enter, refusal } from './enter.js';
import { linkTo, renderDraft, renderPending } from './render-draft.js';
import { isUnderWay, stageOf, type SoraTask } from './sora-task.js';

/** GET /nf/pending/v2: a bare list of what is under way. */
export const handlePending: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const { sora, clock } = context.state;
  const tasks = sora.tasksOf(account.name).filter((task) => task.operation !== 'image' && isUnderWay(task, clock()));
  const failing = tasks.find(failsPoll);
  if (failing?.fault.pollHtml)
    return sendText(exchange.response, {
      status: failing.fault.pollStatus ?? 403,
      contentType: 'text/html',
      text: '<html>Just a moment…</html>',
    });
  if (failing) {
    const { pollStatus: status = 500 } = failing.fault;
    throw new SimulatedFailure('fault', {
      status,
      message: `Simulated failure ${status}.`,
      code: status === 401 ? 'token_expired' : undefined,
    });
  }
  await sendBody(exchange, JSON.stringify(tasks.map((task) => renderPending(task, clock()))), fault);
};

/** GET /project_y/profile/drafts/v2 */
export const handleDrafts: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const { sora, clock } = context.state;
  const query = queryOf(exchange);
  const limit = Math.min(Number(query.get('limit') ?? 15), 15);
  const start = Number(Buffer.from(query.get('cursor') ?? '', 'base64').toString() || 0);
  const done = sora
    .tasksOf(account.name)
    .filter((task) => task.operation !== 'image' && stageOf(task, clock()).status === 'done');
  const known = { exchange, account, nowMs: clock() };
  const drafts = done.flatMap((task) => [...fillers(task, clock()), renderDraft(task, known)]);
  const end = start + limit;
  const cursor = end < drafts.length ? Buffer.from(String(end)).toString('base64') : null;
  await sendBody(exchange, JSON.stringify({ items: drafts.slice(start, end), cursor }), fault);
};

/** GET /project_y/profile/drafts/v2/{gen}, with a fresh link each time. */
export const handleDraft: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const nowMs = context.state.clock();
  const task = context.state.sora.tasksOf(account.name).find((each) => each.generationId === exchange.parameters[0]);
  if (task === undefined || stageOf(task, nowMs).status !== 'done') throw refusal(404, 'Draft not found.');
  await sendBody(exchange, JSON.stringify(renderDraft(task, { exchange, account, nowMs })), fault);
};

/** GET /v2/recent_tasks: pictures, newest first. */
export const handleRecentTasks: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const { sora, clock } = context.state;
  const query = queryOf(exchange);
  const all = sora.tasksOf(account.name).filter(({ operation }) => operation === 'image');
  const start = query.has('before') ? all.findIndex(({ id }) => id === query.get('before')) + 1 : 0;
  const page = all.slice(start, start + Number(query.get('limit') ?? 20));
  const tasks = page.map((task) => renderImageTask(task, clock()));
  const answer = {
    task_responses: tasks,
    has_more: start + page.length < all.length,
    last_id: page.at(-1)?.id ?? null,
  };
  await sendBody(exchange, JSON.stringify(answer), fault);
};

/** GET /generations/{gen}/download */
export const handleGeneration: Handler = async (exchange, context) => {
  const { answered, fault, account } = await enter(exchange, context);
  if (answered) return;
  const task = context.state.sora.tasksOf(account.name).find((each) => each.generationId === exchange.parameters[0]);
  if (task === undefined) throw refusal(404, 'Generation not found.');
  const url = linkTo(`${task.generationId}.picture.png`, { exchange, task, nowMs: context.state.clock() });
  await sendBody(exchange, JSON.stringify({ url }), fault);
};

function renderImageTask(task: SoraTask, nowMs: number) {
  const { status, progress } = stageOf(task, nowMs);
  const { id, prompt, fault, width, height, generationId, createdAtMs } = task;
  const isOver = status === 'done' || status === 'lagging';
  const isBad = fault.moderated === true || fault.videoFails === true;
  return {
    id,
    prompt,
    status: isOver ? (isBad ? 'failed' : 'succeeded') : status === 'preprocessing' ? 'queued' : status,
    progress_pct: progress,
    failure_reason: isOver && fault.moderated ? 'content_policy_violation' : null,
    created_at: new Date(createdAtMs).toISOString(),
    generations: isOver && !isBad ? [{ id: generationId, url: null, width, height }] : [],
  };
}

/** Others that were done after it. */
function fillers({ fault, account }: SoraTask, nowMs: number): object[] {
  return Array.from({ length: fault.newerDrafts ?? 0 }, (_, index) => ({
    id: `gen_filler${index}`,
    task_id: `task_filler${index}`,
    kind: 'sora_draft',
    prompt: `filler of ${account}`,
    created_at: nowMs / 1_000,
    url: 'http://127.0.0.1:9/filler.mp4',
  }));
}

function failsPoll(task: SoraTask): boolean {
  const { pollStatus, pollHtml, pollFailTimes = 1 } = task.fault;
  if (pollStatus === undefined && pollHtml !== true) return false;
  task.pollCalls += 1;
  return task.pollCalls > 1 && task.pollCalls <= pollFailTimes + 1;
}

function queryOf({ request }: Exchange): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams;
}
