/** What a server refuses, and how. */
export class Refusal extends Error {
  constructor(status, detail = "no", fields = {}) {
    super(detail);
    Object.assign(this, { status, fields });
  }
}
