// The diagram as a picture to be kept or put into a document: SVG, or PNG at twice its size. Always dark on light.
const PAPER = { '--diagram-fill': '#ffffff', '--diagram-ink': '#16202e', '--diagram-label': '#16202e' };
const SCALE = 2;

export async function drawing(viewer) {
  const { svg } = await viewer.saveSVG();
  return svg.replace(/var\((--diagram-[a-z]+)\)/g, (all, name) => PAPER[name] ?? all);
}

function keep(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function keepSvg(viewer, name) {
  keep(new Blob([await drawing(viewer)], { type: 'image/svg+xml' }), `${name}.svg`);
}

export async function keepPng(viewer, name) {
  const svg = await drawing(viewer);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * SCALE;
  canvas.height = image.height * SCALE;
  const pen = canvas.getContext('2d');
  pen.fillStyle = PAPER['--diagram-fill'];
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => keep(blob, `${name}.png`), 'image/png');
}
