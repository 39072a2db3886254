/** What a terminal shows after it was sent `text`: lines of cells, each a character and its style. */
export function shown(text) {
  const lines = [[]];
  let column = 0;
  let style = {};
  for (const [part, sequence, final] of text.matchAll(/\x1b\[([0-9;?]*)([A-Za-z])|[\s\S]/gu)) {
    const line = lines[lines.length - 1];
    if (final === 'm') style = restyled(style, sequence);
    else if (final === 'K') line.length = Math.min(line.length, column);
    else if (final !== undefined) continue;
    else if (part === '\r') column = 0;
    else if (part === '\n') {
      lines.push([]);
      column = 0;
    } else {
      while (line.length < column) line.push({ character: ' ', style: {} });
      line[column++] = { character: part, style };
    }
  }
  if (lines[lines.length - 1].length === 0) lines.pop();
  return lines;
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

function restyled(before, sequence) {
  let style = { ...before };
  for (const code of sequence.split(';').map(Number)) {
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 4) style.underline = true;
    else if (code === 22) style = { ...style, bold: false, dim: false };
    else if (code === 24) style.underline = false;
    else if (code === 39) style.colour = undefined;
    else if (code >= 30 && code < 38) style.colour = COLOURS[code - 30];
    else if (code >= 90 && code < 98) style.colour = COLOURS[code - 90];
  }
  return style;
}
