/** Who may ask, and what is shown of secrets. */

import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { KEPT_WHOLE, LET_IN, LOCAL_NAMES, MASK, MASKED, TOKEN } from "./hints";
import { expectProblem, expectStatus, JSON_TYPE, pathOf, send, wrong } from "./requests";
import { onStore, SERVER, temporaryFolder } from "./stores";

export const SECRETS: readonly Step[] = [
  {
    name: "lets nobody in without the token",
    edit: "config_guard",
    local: true,
    async run(context) {
      // As long as a server may demand.
      const token = `${context.randomWord()}-${context.randomWord()}`;
      const args = onStore(await temporaryFolder(context), "--token", token);
      const { address } = await context.start(SERVER, args);
      const path = pathOf(context.randomWord());
      const knock = (method: string, authorization?: string) => {
        const fields: Record<string, string> =
          authorization === undefined ? {} : { Authorization: authorization };
        const body = method === "PUT" ? { body: "enable secret tulip\n" } : {};
        return send(context, method, path, { ...body, fields }, address);
      };
      for (const authorization of [
        undefined,
        `Bearer ${token}x`,
        `Bearer ${token.slice(1)}`,
        `Basic ${token}`,
        token,
      ]) {
        for (const method of ["PUT", "GET", "DELETE"]) {
          const reply = await knock(method, authorization);
          expectProblem(reply, 401, TOKEN);
          if (/^Bearer\b/i.test(reply.fields.get("www-authenticate") ?? "")) continue;
          throw wrong(
            reply,
            "Expected WWW-Authenticate: Bearer with the 401 (RFC 9110, section 15.5.2), and it is not there.",
            TOKEN,
          );
        }
      }
      expectStatus(await knock("PUT", `Bearer ${token}`), 201, LET_IN);
      expectStatus(await knock("GET", `bearer ${token}`), 200, LET_IN);
    },
  },
  {
    name: "with --mask hides secrets in lists and diffs, and keeps them whole",
    edit: "config_reads",
    local: true,
    async run(context) {
      const args = onStore(await temporaryFolder(context), "--mask");
      const { address } = await context.start(SERVER, args);
      const [path, ...secrets] = [
        pathOf(context.randomWord()),
        context.randomWord(),
        context.randomWord(),
      ];
      const texts = secrets.map((secret) => `hostname r\nenable secret ${secret}\nend\n`);
      for (const body of texts) {
        expectStatus(await send(context, "PUT", path, { body }, address), [201, 204], MASK);
      }
      const shown = await send(context, "GET", `${path}/diff?from=1&to=2`, {}, address);
      expectStatus(shown, 200, MASK);
      const list = await send(context, "GET", "/configs?contains=secret", {}, address);
      expectStatus(list, 200, MASK);
      for (const reply of [shown, list]) {
        const seen = secrets.find((secret) => reply.body.includes(secret));
        if (seen !== undefined)
          throw wrong(reply, `Expected the secret to be hidden, and ${seen} is there.`, MASK);
      }
      if (!/^-enable secret .+\n\+enable secret .+$/m.test(shown.body)) {
        throw wrong(
          shown,
          "Expected the line with the secret as changed, though masked, and it is not.",
          MASKED,
        );
      }
      const whole = await send(context, "GET", path, {}, address);
      if (whole.body !== texts[1]) {
        throw wrong(
          whole,
          "Expected the configuration itself as it was put, and it is another.",
          KEPT_WHOLE,
        );
      }
    },
  },
  {
    name: "answers to local names only when it has no token: 421",
    edit: "config_guard",
    further: true,
    async run(context) {
      const hints: Hints = LOCAL_NAMES;
      const evil = { Host: "evil.example", ...JSON_TYPE };
      expectProblem(await send(context, "GET", "/configs", { fields: evil }), 421, hints);
    },
  },
];
