// The HTTP API as the page uses it. The key stays in this tab: sessionStorage goes with it.

const KEY = "pushgate.key";

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `the server answered ${status}`);
    this.status = status;
    this.type = problem.type ?? "";
  }

  is(slug) {
    return this.type.endsWith(`:${slug}`);
  }
}

export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: value => sessionStorage.setItem(KEY, value),
  clear: () => sessionStorage.removeItem(KEY),
};

/** Answers with the JSON, or throws an ApiError. */
export async function call(method, path, body, bearer = key.get()) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Authorization: `Bearer ${bearer}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body,
      cache: "no-store",
    });
  } catch {
    throw new ApiError(0, { detail: "the console does not answer" });
  }
  const text = await response.text();
  let json = {};
  try {
    json = text ? JSON.parse(text) : {};
  } catch {
    // A proxy in between may answer with something else.
  }
  if (!response.ok) {
    if (response.status === 401) window.dispatchEvent(new Event("signed-out"));
    throw new ApiError(response.status, json);
  }
  return json;
}

const part = encodeURIComponent;

export const api = {
  self: bearer => call("GET", "/v1/key", undefined, bearer),
  stats: () => call("GET", "/v1/stats"),
  nodes: () => call("GET", "/v1/nodes"),
  push: body => call("POST", "/v1/push", body),
  message: (app, id, device) =>
    call("GET", `/v1/messages/${part(app)}/${part(id)}${device ? `?device=${part(device)}` : ""}`),
  recall: (app, id) => call("DELETE", `/v1/messages/${part(app)}/${part(id)}`),
  device: (app, device) => call("GET", `/v1/devices/${part(app)}/${part(device)}`),
  kick: (app, device) => call("DELETE", `/v1/devices/${part(app)}/${part(device)}/session`),
};
