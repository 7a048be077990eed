/** Characters of one passage. The CMS takes 50,000. */
const longest = 60_000;
/** Levels of quotation and of lists within lists. */
const deepest = 12;
/** The same punctuation mark in a row: enough for any rule or table, too little to make the parser backtrack. */
const longestRun = 200;
/** Brackets that are open at once. */
const mostOpenBrackets = 60;

const run = new RegExp(`([^\\p{L}\\p{N}\\s])\\1{${longestRun}}`, 'u');

/** Says why a passage is not given to the parser; null: it may be. */
export function excess(markdown: string): string | null {
  if (markdown.length > longest) return `it has ${markdown.length} characters, and ${longest} are the most`;
  if (run.test(markdown)) {
    return `it repeats one punctuation mark more than ${longestRun} times`;
  }
  for (const line of markdown.split('\n')) {
    if (depthOf(line) > deepest) return `it nests quotations or lists more than ${deepest} levels deep`;
  }
  if (openBrackets(markdown) > mostOpenBrackets)
    return `it opens more than ${mostOpenBrackets} brackets and closes none`;
  return null;
}

/** Markers of quotation and lists at the start of a line, and indentation by fours. */
function depthOf(line: string): number {
  const [markers = ''] = /^(?:[ \t]*(?:>|[-+*](?=\s)|\d{1,9}[.)](?=\s)))*[ \t]*/.exec(line) ?? [];
  const marks = markers.replaceAll(/\d{1,9}[.)]/g, '-').replaceAll(/\s/g, '').length;
  const indentation = markers.replaceAll('\t', '    ').length - marks;
  return marks + Math.floor(indentation / 4);
}

function openBrackets(markdown: string): number {
  let open = 0;
  let most = 0;
  for (const character of markdown) {
    if (character === '[' || character === '(') most = Math.max(most, (open += 1));
    else if ((character === ']' || character === ')') && open > 0) open -= 1;
  }
  return most;
}
