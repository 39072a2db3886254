const CELL = { width: 8.4, height: 20 };
const PAD = { left: 18, top: 46, bottom: 14 };
const SIZE = 14;

/** Colours by class, on light and on dark ground; both pairs have the contrast that small text needs. */
const STYLE = `
  .ground { fill: #fbfbfa; stroke: #dcdad5 }
  .bar { fill: #f1f0ec }
  .dot { fill: #d3d0c9 }
  text { font: ${SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #2b2a27; white-space: pre }
  .title { fill: #8a877f; font-size: 12px; text-anchor: middle }
  .prompt { fill: #a09d95 }
  .typed, .bold { font-weight: 600 }
  .underline { text-decoration: underline }
  .dim { fill: #85827a }
  .red { fill: #b3261e }
  .green { fill: #1a7340 }
  .yellow { fill: #8a5a00 }
  .blue { fill: #1f5fbf }
  .magenta { fill: #8e3a9d }
  .cyan { fill: #0b7285 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #1b1c1f; stroke: #34363b }
    .bar { fill: #232529 }
    .dot { fill: #44474e }
    text { fill: #d9d8d3 }
    .title { fill: #8b8d93 }
    .prompt { fill: #74777e }
    .dim { fill: #8f9299 }
    .red { fill: #f28b82 }
    .green { fill: #7fd19b }
    .yellow { fill: #e8c26b }
    .blue { fill: #8ab4f8 }
    .magenta { fill: #d7a3e6 }
    .cyan { fill: #6fc7d9 }
  }`;

/** A terminal window with these lines of cells, as an SVG that follows the reader's light or dark. */
export function svg(title, columns, lines) {
  const width = Math.ceil(columns * CELL.width + 2 * PAD.left);
  const height = PAD.top + lines.length * CELL.height + PAD.bottom;
  const rows = lines.map((line, row) => drawLine(line, PAD.top + row * CELL.height + SIZE));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9"/>
<path class="bar" d="M1 32 V10 a9 9 0 0 1 9 -9 H${width - 10} a9 9 0 0 1 9 9 V32 Z"/>
${[20, 38, 56].map((x) => `<circle class="dot" cx="${x}" cy="16.5" r="5.5"/>`).join('')}
<text class="title" x="${width / 2}" y="21">${escaped(title)}</text>
${rows.filter((row) => row !== '').join('\n')}
</svg>
`;
}

/**
 * One line: a text for each stretch of one style, as wide as its cells whatever the font. What is drawn shows two spaces as one, so
 * that a stretch ends there too.
 */
function drawLine(line, y) {
  return stretchesOf(line)
    .flatMap(({ name, column, text }) =>
      [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => {
        const x = place(PAD.left + (column + index) * CELL.width);
        const length = place(words.length * CELL.width);
        const attributes = name === '' ? '' : ` class="${name}"`;
        return `<text${attributes} x="${x}" y="${y}" textLength="${length}">${escaped(words)}</text>`;
      }),
    )
    .join('\n');
}

function stretchesOf(line) {
  const stretches = [];
  for (const [column, { character, style }] of line.entries()) {
    const name = classOf(style);
    const last = stretches.at(-1);
    if (last?.name === name) last.text += character;
    else stretches.push({ name, column, text: character });
  }
  return stretches;
}

function classOf({ bold, dim, underline, colour, part }) {
  const names = [part, colour, bold && 'bold', dim && 'dim', underline && 'underline'];
  return names.filter(Boolean).join(' ');
}

function place(number) {
  return String(Math.round(number * 10) / 10);
}

function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
