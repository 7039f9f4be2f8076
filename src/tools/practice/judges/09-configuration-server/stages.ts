/** The stages of Part 9: the server route by route, then its promises, then its client. */
import type { Stage } from "../../judging/judge";

export const STAGES: readonly Stage[] = [
  {
    title: "answer in HTTP",
    task: "Let each request in, have its route answer it, and turn every Problem into a response.",
    cells: ["config-service"],
    uses: "`routes` of `./src/http/router` chooses the handler; a `Problem` of `./src/http/problem` becomes a response with `toResponse()`.",
    until: "accepts a connection, and answers in HTTP",
  },
  {
    title: "keep a configuration",
    task: "Keep the bytes of a PUT under the conditions of the request, and answer 201 or 204 with the tag of the version.",
    cells: ["config-changes"],
    uses: "`store` is a `ConfigStore` of `./src/store/config-store`: `store.receive(body)` takes the bytes in as a draft, `store.put(device, draft, check)` makes a version of it; `formatEntityTag` of `./src/http/entity-tag` writes its tag.",
    until: "answers 201 Created when a configuration is put for the first time",
  },
  {
    title: "give it back",
    task: "Find the current version or answer 404, and send its very bytes.",
    cells: ["config-lookup", "config-reads"],
    uses: "`store.current(name)` is the current version, `store.content(device, version)` its bytes; `checkName` of `./src/store/device-name` refuses names that lead elsewhere.",
    until: "answers HEAD with the fields of GET, and nothing else",
  },
  {
    title: "lists and earlier versions",
    task: "List the configurations and the versions of one, page by page, and answer with any version.",
    cells: ["config-lists", "config-lookup", "config-reads"],
    uses: "`store.names(after)` gives the names in order, `store.versions(name)` all versions of one.",
    until: "keeps every version: lists them, and gives each",
  },
  {
    title: "conditions",
    task: "Compare the tags of If-Match and If-None-Match with the current one: 412 when the request does not hold, 304 when the client has the version already.",
    cells: ["config-conditions"],
    uses: "`parseEntityTags`, `matchesStrongly` and `matchesWeakly` of `./src/http/entity-tag` (RFC 9110, section 8.8.3).",
    until: "replaces nothing when it is asked for a new one only: If-None-Match: *",
  },
  {
    title: "changes",
    task: "Show what changed between two versions, make an earlier one the current one again, and delete.",
    cells: ["config-reads", "config-changes"],
    uses: "`store.put` and `store.delete` call the check that they are given with the version that they replace.",
    until: "has after kill -9 everything that it acknowledged",
  },
  {
    title: "who may ask",
    task: "Refuse requests without the token, and hide secrets in what is shown.",
    cells: ["config-guard", "config-reads"],
    uses: "`timingSafeEqual` of `node:crypto` takes the same time for every token; `masker` of `./src/store/mask` hides secrets.",
    until: "with --mask hides secrets in lists and diffs, and keeps them whole",
  },
  {
    title: "the client",
    task: "Send one request with the token, turn refusals into errors, follow the pages of a list, and tell what has changed since.",
    cells: ["config-api", "config-edits", "config-paths", "config-watch"],
    uses: "`ask` of `./src/http/client` sends one request and resolves with the response.",
    until: "has a client that watches: it tells what is created, changed and deleted",
  },
];
