// Requests to the appliance. A read is tried once; a verb is repeated with one Idempotency-Key until it is answered.

const ROOT = "/api/v1";
const ANSWER_MS = 4000;
const PATIENCE_MS = 10000;
const PAUSE_MS = 500;
const NO_ANSWER = new Set([502, 503, 504]);

/** Nobody answered: no network, no server, or a server that cannot write now. */
export class Away extends Error {}

/** The appliance answered no; `code` is stable, see /api/v1/openapi.json. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.code = problem.code ?? "";
  }
}

/** Return what is at `path`. Throws Away, Refused. */
export async function read(path, token) {
  return (await ask("GET", path, { token, patience: ANSWER_MS })).data;
}

/**
 * Carry out a verb once, however often it has to be sent. Returns {data, replayed}: a replayed answer is what was
 * true then, so look again. `onRetry` is told when the first try was not answered. Throws Away after ten seconds.
 */
export async function act(path, body, token, onRetry) {
  const key = newKey();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const patience = Math.min(ANSWER_MS, deadline - performance.now());
      return await ask("POST", path, { token, body, key, patience });
    } catch (error) {
      if (!(error instanceof Away) || performance.now() + PAUSE_MS >= deadline) throw error;
      onRetry();
      await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
    }
  }
}

async function ask(method, path, { token, body, key, patience }) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (body) headers["Content-Type"] = "application/json";
  const stopper = new AbortController();
  const timer = setTimeout(() => stopper.abort(), Math.max(patience, 0));
  try {
    const response = await fetch(ROOT + path, {
      method, headers, body: body && JSON.stringify(body), cache: "no-store", signal: stopper.signal,
    });
    const data = await response.json();
    if (response.ok) return { data, replayed: response.headers.has("Idempotency-Replayed") };
    if (NO_ANSWER.has(response.status)) throw new Away(data.detail);
    throw new Refused(response.status, data);
  } catch (error) {
    // fetch fails with TypeError without a network, AbortError on time-out, SyntaxError on half an answer.
    throw error instanceof Refused || error instanceof Away ? error : new Away(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** A fresh key. crypto.randomUUID is missing here: a LAN page over plain http is no secure context. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
