import { expect, test } from "vitest";
import { failureReason, type ScannerOptions } from "../../src/scan/command-line";
import { formatCsv } from "../../src/scan/csv";
import { formatJson } from "../../src/scan/json";
import { type HostReport, reportOf, type ScanReport } from "../../src/scan/report";
import { formatTable } from "../../src/scan/table";
import { ANSWER, sharedWork } from "../../src/scan/work";

const host = (more: Partial<HostReport> = {}): HostReport => ({
  address: "127.0.0.1",
  open: [],
  closed: [],
  filtered: [],
  unreachable: [],
  unasked: [],
  ...more,
});

const reportFor = (...hosts: HostReport[]): ScanReport => ({
  hosts,
  finished: hosts.every(({ unasked }) => unasked.length === 0),
  elapsedMs: 1234.5,
});

const FOUND = reportFor(
  host({
    name: "localhost",
    open: [
      { port: 22, service: "ssh", banner: "SSH-2.0-OpenSSH_9.2" },
      { port: 8000, service: "http-alt", server: "lab/8" },
      { port: 40_000, service: "" },
    ],
    closed: Array.from({ length: 1_500 }, (_, i) => 1_000 + i),
    filtered: [25, 135, 136],
  }),
);

test("answers are sorted by address and state", () => {
  const work = sharedWork(["127.0.0.1", "::1"], [22, 80, 443]);
  const { OPEN, CLOSED, FILTERED, UNREACHABLE, UNASKED } = ANSWER;
  work.answers.set([OPEN, FILTERED, CLOSED, UNREACHABLE, OPEN, UNASKED]);
  const targets = [{ address: "127.0.0.1", name: "localhost" }, { address: "::1" }];
  expect(reportOf(targets, work, 5)).toEqual({
    hosts: [
      host({
        name: "localhost",
        open: [
          { port: 22, service: "ssh" },
          { port: 443, service: "https" },
        ],
        closed: [80],
      }),
      host({ address: "::1", filtered: [22], unreachable: [80], unasked: [443] }),
    ],
    finished: false,
    elapsedMs: 5,
  });
});

test("the table has a row for each open port, and says what became of the others", () => {
  expect(formatTable(FOUND).split("\n")).toEqual([
    "localhost (127.0.0.1)",
    "PORT   STATE  SERVICE   SAYS",
    "22     open   ssh       SSH-2.0-OpenSSH_9.2",
    "8000   open   http-alt  Server: lab/8",
    "40000  open",
    "1,500 closed; 3 filtered: 25,135-136",
    "",
    "1,506 ports asked in 1.23 s: 3 open",
  ]);
});

test("a report says why the scan ended early, if it did", () => {
  const work = sharedWork(["127.0.0.1"], [22]);
  const targets = [{ address: "127.0.0.1" }];
  expect(reportOf(targets, work, 5, "EMFILE").failure).toBe("EMFILE");
  expect(reportOf(targets, work, 5)).not.toHaveProperty("failure");
});

test("an address with nothing open has no table", () => {
  expect(formatTable(reportFor(host({ closed: [22] })))).toBe(
    "127.0.0.1\nnothing open\n1 closed\n\n1 port asked in 1.23 s: 0 open",
  );
});

test("the time is told in seconds", () => {
  expect(formatTable({ ...FOUND, elapsedMs: 60_000 })).toContain(" in 60.00 s: ");
});

test("of many addresses only those with something open get a table", () => {
  const report = reportFor(
    host({ closed: [22] }),
    host({ address: "127.0.0.2", open: [{ port: 22, service: "ssh" }] }),
    host({ address: "127.0.0.3", filtered: [22] }),
  );
  expect(formatTable(report)).toBe(`127.0.0.2
PORT  STATE  SERVICE  SAYS
22    open   ssh

2 other addresses: nothing open
1 closed; 1 filtered

3 ports asked in 1.23 s: 1 open`);
});

test("a long list of filtered ports is cut, and a stopped scan says so", () => {
  const odd = Array.from({ length: 100 }, (_, i) => 2 * i + 1);
  const table = formatTable(reportFor(host({ filtered: odd, unasked: [500] })));
  expect(table).toMatch(/^100 filtered: 1,3,5,[\d,]+,\.\.\.; 1 not asked: 500$/m);
  expect(table).toMatch(/\nstopped: 100 ports asked in 1\.23 s, the rest unknown: 0 open$/);
});

test("JSON can be read again, whatever a banner says", () => {
  const banner = 'a "quote", \\ and </script> \u2028 😀';
  const open = [{ port: 22, service: "ssh", banner }];
  const read = JSON.parse(formatJson(reportFor(host({ open, closed: [1, 2, 3], filtered: [25] }))));
  expect(read).toEqual({
    finished: true,
    elapsedMs: 1235,
    hosts: [
      {
        address: "127.0.0.1",
        open,
        closed: "1-3",
        filtered: "25",
        unreachable: "",
        unasked: "",
      },
    ],
  });
});

test("CSV has a line for each port that is not closed, ended as RFC 4180 says", () => {
  expect(formatCsv(FOUND)).toBe(
    [
      "address,name,port,state,service,banner,server",
      "127.0.0.1,localhost,22,open,ssh,SSH-2.0-OpenSSH_9.2,",
      "127.0.0.1,localhost,8000,open,http-alt,,lab/8",
      "127.0.0.1,localhost,40000,open,,,",
      "127.0.0.1,localhost,25,filtered,,,",
      "127.0.0.1,localhost,135,filtered,,,",
      "127.0.0.1,localhost,136,filtered,,,",
      "",
    ].join("\r\n"),
  );
});

test.each([
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["  =1", "'  =1"],
  ["\uff1d1", "'\uff1d1"],
  ['a,"b"', '"a,""b"""'],
  ['=1,"b"', `"'=1,""b"""`],
  ["SSH-2.0", "SSH-2.0"],
])("the banner %j stands in CSV as %s: text, and no formula", (banner, field) => {
  const open = [{ port: 22, service: "ssh", banner }];
  expect(formatCsv(reportFor(host({ open })))).toContain(`,22,open,ssh,${field},\r\n`);
});

test("--expect-open complains about what is not open, and only then", () => {
  const options = { "expect-open": true } as ScannerOptions; // all that is looked at
  const open = [{ port: 22, service: "ssh" }];
  expect(failureReason(reportFor(host({ open })), options)).toBeUndefined();
  expect(failureReason(reportFor(host({ open, filtered: [25] })), options)).toMatch(
    /^1 .* is not$/,
  );
  expect(failureReason(reportFor(host({ closed: [1, 2] })), options)).toMatch(/^2 .* are not$/);
  const relaxed = { ...options, "expect-open": false };
  expect(failureReason(reportFor(host({ closed: [1] })), relaxed)).toBeUndefined();
});

test("a scan that ran short of something is a failure that names it", () => {
  const report = { ...reportFor(host({ unasked: [1] })), failure: "EMFILE" };
  expect(failureReason(report, {} as ScannerOptions)).toMatch(/EMFILE.*--concurrency/);
});
