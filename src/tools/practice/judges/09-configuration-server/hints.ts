/** The hints of Part 9, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const TYPE: Hints = [
  "A form of any web page can send text/html, and a rollback that nobody meant.",
  "A configuration is text/plain or application/octet-stream, or has no type at all; a rollback is application/json. Anything else is 415.",
  '`requireType(request, CONFIGURATIONS, "optional")`',
];

export const METHOD_NOT_ALLOWED: Hints = [
  "The path is known; the method is not for it.",
  "405 comes with a field Allow, which names the methods that the path does have.",
  "`routes(table, otherwise)` of ./src/http/router knows 404 from 405",
];

export const NO_SUCH_VERSION: Hints = [
  "The device is there; what is asked of it cannot be done.",
  "409 Conflict says that it does not go with what there is now; 400 that the request cannot be understood.",
  "`chosenVersion` throws `new Problem(409, ...)` where no version has that number",
];

export const BAD_PARAMETER: Hints = [
  "A typing error must not pass for a default.",
  "A parameter that is a number is read as one, or refused with 400.",
  '`wholeNumber("limit", text, 1, PAGE_MAX)`',
];

export const TOO_LARGE: Hints = [
  "Whoever sends for ever fills the memory of the server.",
  "Refuse a body that is larger than allowed as soon as that is known: Content-Length says so before it is sent.",
  "`serve({ limits: { maxBodyBytes } }, ...)` of ./src/http/server answers 413 by itself",
];

export const DIFF: Hints = [
  "What has changed? Nobody wants to find that out line by line.",
  "GET /configs/{device}/diff?from=1&to=2 answers 200 with a unified diff: a hunk @@ -1,2 +1,2 @@, - before what is gone, + before what is new, a blank before what is the same.",
  "`unifiedDiff(...texts, { oldName, newName, show })` of ./src/diff/unified, with the texts of the two versions",
];

export const BACK: Hints = [
  "Going back is a change like any other.",
  'POST /configs/{device}/rollback with {"to": 1} puts the content of version 1 again, as a new version, and answers 200.',
  "`const { chosen } = chosenVersion(store, device, await request.json())`, `store.read(device, chosen)`, then `store.put(device, bytes, ...)`",
];

export const GONE: Hints = [
  "A device that has been taken out of the network has no configuration any more; what it had is history.",
  "DELETE answers 204. After that GET is 404, and so is a second DELETE; the earlier versions can still be read.",
  "`currentOf(store, device)` throws the 404; then `await store.delete(device, conditionsOf(request))` and `response(204)`",
];

export const ROLLBACK: Hints = [
  "What was a mistake has happened all the same.",
  "A rollback takes nothing away: it adds a version that is equal to an earlier one.",
  "`store.put(device, bytes, ...)` with the bytes of the earlier version",
];

export const EVERY_PAGE: Hints = [
  "The first page is not the whole list.",
  "The answer says where it goes on: its member next is the path of the next page. Without one, this was the last.",
  "`for (let next = path; next !== undefined; next = page.next)`: `yield* page.configs ?? page.versions`",
];

export const WATCH: Hints = [
  "Look, wait, look again: what is different?",
  "Keep what was seen last, by name. A name that was not there is created; another entity tag is a change; a name that is missing now is deleted.",
  '`yield ["created", config]`, `["changed", config]`, `["deleted", config]`; then `known = now`',
];

export const CLIENT_END: Hints = [
  "The server has answered. What does the client wait for?",
  "One request, one answer, then the program is done; only watch goes on.",
  "`const answer = await ask(...)`",
];

export const CALL: Hints = [
  "The client asks, and takes a refusal for an error.",
  "One call for all commands: it adds the token to the fields, asks, and throws what has a status of 400 or more.",
  "`const answer = await ask({ ...where, method, path, ...sent, fields })`; then `if (answer.status >= 400) throw new Refused(...)`",
];

export const CLIENT_BYTES: Hints = [
  "A file goes out as it is.",
  "Read it as bytes, not as text, and send them as the body.",
  '`const body = await readFile(file)`, and `call(server, "PUT", path, { fields, body })`',
];

export const EXIT_CODE: Hints = [
  "A script has to tell “not there” from “somebody was faster”; a person wants to read why.",
  "A refusal becomes an error with the detail of the problem as its message, and an exit code of its own for some statuses.",
  "`throw new Refused(answer.status, ...)` with the status and `detailOf(answer)`; `EXIT_CODES` has the codes",
];

export const CLIENT_TOKEN: Hints = [
  "The server cannot know which version the client has seen, unless it is told.",
  "--if-match becomes the field If-Match, and --create becomes If-None-Match: *.",
  "`const conditions = condition(options)`, and `{ fields: { ...BYTES, ...conditions }, body }`",
];

export const CLIENT_CONDITION: Hints = [
  "Every request has to bring the token.",
  "It belongs into one place, the call that all commands use: Authorization: Bearer TOKEN.",
  '`if (token !== undefined) fields.Authorization = "Bearer " + token;`',
];

export const CLIENT_ROLLBACK: Hints = [
  "The rollback is a POST with the number in it.",
  'POST /configs/{device}/rollback, Content-Type: application/json, and {"to": 2} as the content.',
  '`call(server, "POST", pathOf(device, "rollback"), { fields, body: JSON.stringify({ to: Number(to) }) })`',
];

export const SAME: Hints = [
  "The client has this version already, and says so: why send it again?",
  "When If-None-Match of a GET names the current tag, the answer is 304 Not Modified: the tag, and no content. It may stand in a list, and W/ before it makes no difference here.",
  '`if (isNotModified(request, tag)) return response(304, "", fields)`, where `names(request, "If-None-Match", current, matchesWeakly) === true`',
];

export const LOST: Hints = [
  "Two people have read the same version, and both save. Whose change is lost?",
  "If-Match says: only if it is still this one. Compare at the moment of the change, when nothing can come between; whoever comes second gets 412, and nothing is changed.",
  '`store.put(device, bytes, conditionsOf(request))`; there `names(request, "If-Match", current, matchesStrongly) === false` throws `new Problem(412, ...)`',
];

export const ONLY_NEW: Hints = [
  "The client asked for it only if there is none yet.",
  "If-None-Match: * on a PUT means: make it, but replace nothing. When there is one, the answer is 412.",
  'After the look at GET and HEAD: `throw new Problem(412, ...)` where `names(request, "If-None-Match", ...)` is true',
];

export const ENTITY_TAG: Hints = [
  "A client that has the first version would take the second for the same.",
  "A tag has to change whenever the content does: make it of the version's number, of something random, or of a checksum of the bytes.",
  "`tagOf(version)`: it is made of the number and something random",
];

export const OTHER_TAG: Hints = [
  "It is the same version: the client knows it by the tag that it got when it put it.",
  "Keep the tag with the version; do not make a new one for each answer.",
  "`tagOf(version)` for both",
];

export const NOT_MODIFIED: Hints = [
  "The client has another version than there is now: it needs the content.",
  "304 is for a tag that is the current one; any other is answered with the whole.",
  "`wanted.some((tag) => same(tag, current))`",
];

export const STALE_TAG: Hints = [
  "The tag is the current one, so the PUT holds.",
  "412 is for a tag that is not the current one any more. A tag may stand in a list, and * means any version.",
  "`matchesStrongly(tag, current)`",
];

export const ANY_TAG: Hints = [
  "If-Match: * means any version that there is, and there is none.",
  "What does not exist matches nothing.",
  "`if (current === undefined) return false;`",
];

export const NONE_YET: Hints = [
  "There is none yet, so the condition holds.",
  "If-None-Match: * refuses only where there is a version already.",
  "`if (current === undefined) return false;`",
];

export const LOST_VERSIONS: Hints = [
  "It was acknowledged, then the process was killed, and now it is not there. Where was it kept?",
  "Memory goes with the process. Before a PUT is answered, its content has to be in a file that the next start reads: synced, renamed to the name that counts, and the folder synced too.",
  "`await store.put(...)` before `response(204)`; it resolves when a power cut could no longer take the version",
];

export const TORN: Hints = [
  "Half of a configuration is there, which nobody ever put.",
  "Never write into the file that counts: write another one, and rename it over the first when it is complete.",
  "`await rename(draft, file)` after the content of the draft was synced",
];

export const ENDED: Hints = [
  "The server was to answer while several clients write, and did not.",
  "Look at what it printed: an error that nobody caught ends a process, and with it all other clients.",
  "`catch` in the handler of config_service turns what is thrown into an answer",
];

export const SECOND_SERVER: Hints = [
  "Two servers on one store would both write version 51.",
  "Take a lock before you read the store, one that the operating system gives back when its owner is killed.",
  "`openStore` takes such a lock, and throws a `StoreError` when it cannot have it",
];

export const LIST: Hints = [
  "Whoever looks after a network wants to see what there is.",
  "GET /configs answers 200 with JSON: an object whose member configs is a list, with name, size, etag and time for each device that has a configuration now.",
  "`for (const name of store.names())`: `configs.push({ name, ...describe(version) })`; then `listing(request, { configs }, undefined)`",
];

export const VERSIONS: Hints = [
  "Everything that was ever put is still there, and has a number.",
  'GET /configs/{device}/versions answers with JSON: {"versions": [{"version": 2, ...}, {"version": 1, ...}]}.',
  "`versionsOf(store, device)` are all; `describe` makes an entry of each; `listing(request, { name: device, versions }, next)`",
];

export const ONE: Hints = [
  "An earlier version is read by its number.",
  "GET /configs/{device}/versions/1 answers 200 with the bytes of that version, whatever came after it.",
  "`const version = versionOf(store, device, number)`, and `content(request, version, await store.read(device, version))`",
];

export const EVERY_VERSION: Hints = [
  "There is no such version.",
  "A number that no version has is 404, and so is any version of a device that nobody knows.",
  "`versionOf(store, device, number)` throws a `Problem` with 404",
];

export const NEXT_PAGE: Hints = [
  "A list of ten thousand devices is no answer that a client can read in one piece.",
  'With ?limit=2 a page has two entries, and a field Link: </configs?limit=2&after=...>; rel="next" when there are more. Begin a page after a name, not at a position.',
  "`listing(request, { configs }, next)`, where `next` has the limit and the last name of this page",
];

export const PROBLEM_FORM: Hints = [
  "A program has to tell what went wrong, and a person why.",
  "Every refusal has one form, RFC 9457: JSON with type, title, status and detail.",
  "`new Problem(status, detail).toResponse()` of ./src/http/problem; in config_service every `Problem` that is thrown becomes one.",
];

export const LIST_FORM: Hints = [
  "How does a client say which version it has seen?",
  "Every version has a tag, in double quotes, and without W/ before it: it stands for these very bytes.",
  "`ETag: formatEntityTag(tagOf(version))` among the fields of the answer",
];

export const TOKEN: Hints = [
  "The server was started with a token, and somebody without it got in.",
  "Every request has to bring it, whatever it asks for: Authorization: Bearer TOKEN. Anything else is 401, with a field WWW-Authenticate that says how to do it. Compare checksums, whole, in constant time.",
  '`if (given !== undefined && timingSafeEqual(digest(given), wanted)) return; throw new Problem(401, ..., { "WWW-Authenticate": ... })`',
];

export const LET_IN: Hints = [
  "This one brought the right token.",
  "The scheme is Bearer in any case of letters, then a blank, then the token.",
  '`/^Bearer +(\\S+)$/i.exec(request.fields.get("Authorization") ?? "")`',
];

export const MASK: Hints = [
  "With --mask a secret is not for everybody who may look at a list or a difference.",
  "Compare the lines as they are, then show them masked: what follows the word that announces a secret is hidden.",
  "`const show: Show = mask ? maskLines : (lines) => lines;`",
];

export const MASKED: Hints = [
  "The secret is another one: that much everybody may see.",
  "Mask after the comparison, not before: two masks are equal.",
  "`unifiedDiff(...texts, { ...names, show })`",
];

export const KEPT_WHOLE: Hints = [
  "A device that loads a mask has no password any more.",
  "Only lists and differences are masked. What is stored, and what GET gives, is whole.",
  "`content(request, current, await store.read(device, current))`",
];

export const LOCAL_NAMES: Hints = [
  "A page on the web can make a name of its own point at 127.0.0.1, and ask in the browser's name.",
  "Without a token, take only requests whose Host is localhost or a loopback address; any other is 421.",
  "`requireLocalName(request)` of config_guard",
];

export const NAMES: Hints = [
  "A name becomes part of a file's name sooner or later. Where does this one lead?",
  "Decode the segment once, and then say what a name is: letters, digits, a dot, a dash, an underscore, with a letter or digit first. Everything else is 400. A list of what is dangerous is never complete.",
  "`checkName(device)` of ./src/store/device-name, before anything is done with it",
];

export const SLOW: Hints = [
  "One client has sent half of its request and thinks about the rest. Why does another have to wait?",
  "While a body is awaited, others can be answered: each connection is served for itself.",
  "`await request.bytes()` waits for one client only; do not take a lock around it, nor the next connection only after this one",
];

export const CROWD: Hints = [
  "Many writers came at once, each was told that its text is kept, and some of the texts are not there.",
  "Between the look at what is there and the change something else may have come. Make changes one after the other, or together, but never two from the same view.",
  "`store.put` does so: one change after the other, many of them with one sync. A store of your own needs a queue.",
];

export const BEGIN: Hints = [
  "Begin where a request comes in: the cell of config_service has the server, and nothing that answers.",
  "First ask whether the request is allowed at all, then let the routes answer it. What they throw becomes an answer too.",
  "`allow(request); return await route(request);`, and in `catch`: `asProblem(error)`; when it is a `Problem`, its `toResponse()`",
];

export const NEW: Hints = [
  "The device was not there before: now there is one more.",
  "201 Created says that something new is there, and Location where. Answer only when it is kept.",
  '`const { version, before } = await store.put(device, bytes, ...)`; when `before` is undefined: `response(201, "", { Location, ETag })`',
];

export const KNOWN: Hints = [
  "The device had a configuration already: nothing new was made, something was replaced.",
  "204 No Content says that it is done, and that there is nothing to read. What was there before becomes an earlier version.",
  '`if (before !== undefined) return response(204, "", fields);`',
];

export const FOUND: Hints = [
  "It was put a moment ago, and acknowledged.",
  "Look the device up under the name that the path has, and answer 200 with the bytes of its current version.",
  "`const current = currentOf(store, device); return content(request, current, await store.read(device, current));`",
];

export const EXACT: Hints = [
  "What comes out is not what went in. Compare the two in the transcript.",
  "A configuration is bytes, whatever they mean: do not decode, trim or translate them on the way.",
  "`const bytes = await request.bytes()`, and `response(200, bytes, ...)` with the same",
];

export const NOT_THERE: Hints = [
  "Nobody has ever put a configuration of that name.",
  "404 Not Found is for what is not there; an empty 200 says that there is one, and that it is empty.",
  "`if (current === undefined) throw new Problem(404, ...)`",
];

export const EACH_DEVICE: Hints = [
  "Three devices were put, and one has the configuration of another.",
  "The name in the path says which one is meant, in every single request.",
  '`"GET /configs/{device}": async (request, { device }) => ...`',
];

export const REPLACED: Hints = [
  "The old configuration is still the current one.",
  "The last version holds. Nothing that was read before may be answered from memory without a look at what is there now.",
  "`store.current(device)` is the last version",
];

export const HEAD: Hints = [
  "HEAD is GET without the content: a client asks how it is, not for it.",
  "The same status and the same fields, Content-Length too, and then nothing.",
  "`routes` of ./src/http/router answers HEAD from the GET route; a server of your own must not send the body.",
];

/** Hints for a status, whatever was asked; a step's own come first. */
export const BY_STATUS: Readonly<Record<number, Hints>> = {
  404: [
    "The server says that there is no such thing. Does it know this path at all?",
    'A route is a method and a path with names in braces: "GET /configs/{device}". The paths of the challenge stand in the table of the part.',
    "In `reads` and `changes` each entry of the object is a route; `start` of config_service puts them together.",
  ],
  405: [
    "The path is known, and the method is not.",
    "Every method needs a route of its own; HEAD alone is answered from GET.",
    'An entry such as `"PUT /configs/{device}": async (request, { device }) => ...` in the table of routes.',
  ],
  500: [
    "Something was thrown that nobody expected. What does the server print?",
    "The last lines of its standard error name the cell and the line. What a client can have done wrong is a `Problem` with a status of its own.",
    "`throw new Problem(404, detail)`, or in config_problems a status for an error of the store",
  ],
};
