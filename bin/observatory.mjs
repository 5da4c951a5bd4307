// Marks of the MDN HTTP Observatory and findings of csp_evaluator for one page, as JSON.
// Arguments: port of https, path. Run by bin/test_security.py.
import { createRequire } from "node:module";
import { scan } from "@mdn/mdn-http-observatory";

const require = createRequire(import.meta.url);
const { CspEvaluator } = require("csp_evaluator");
const { CspParser } = require("csp_evaluator/dist/parser.js");

const [port, path] = process.argv.slice(2);
// Ports among the options are not handed on (1.4.8).
const result = await scan(`localhost:${port}${path}`);
const page = await fetch(`https://localhost:${port}${path}`);
const policy = page.headers.get("content-security-policy");
const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
console.log(
  JSON.stringify({
    grade: result.scan.grade,
    score: result.scan.score,
    lost: Object.entries(result.tests)
      .filter(([, test]) => !test.pass || test.scoreModifier < 0)
      .map(([name, test]) => `${name}: ${test.result}`),
    policy,
    // 10 high, 20 syntax, 30 medium, 40 perhaps high, 45 strict. 50, perhaps medium, says of 'self'
    // that uploaded files lie there, too: these are pictures and PDF, sent with "nosniff".
    findings: findings
      .filter((finding) => finding.severity < 50)
      .map((finding) => `${finding.severity} ${finding.directive}: ${finding.description}`),
  }),
);
