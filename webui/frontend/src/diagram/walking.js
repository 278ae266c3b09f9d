// In a dry run, tokens walk along the flows that an act took. What they did stands in words beside the diagram; whoever
// asks for less motion sees only where they are.
const SVG = 'http://www.w3.org/2000/svg';
const LONGEST = 4000;
const STEP = 550;

// Flows in the order in which a token takes them: those that no other new flow leads to first.
function inRounds(flows) {
  const rounds = [];
  let left = [...flows];
  while (left.length > 0) {
    const ends = new Set(left.map((each) => each.target));
    const first = left.filter((each) => !ends.has(each.source) && !ends.has(each.source.host));
    const round = first.length > 0 ? first : [left[0]];
    rounds.push(round);
    left = left.filter((each) => !round.includes(each));
  }
  return rounds;
}

function at(points, part) {
  const lengths = points.slice(1).map((each, number) => Math.hypot(each.x - points[number].x, each.y - points[number].y));
  let ahead = part * lengths.reduce((sum, each) => sum + each, 0);
  for (const [number, length] of lengths.entries()) {
    if (ahead <= length || number === lengths.length - 1) {
      const share = length ? Math.min(1, ahead / length) : 1;
      const [from, to] = [points[number], points[number + 1]];
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    }
    ahead -= length;
  }
  return points[0];
}

function walk(layer, flow, time) {
  return new Promise((done) => {
    const token = document.createElementNS(SVG, 'circle');
    token.setAttribute('r', 8);
    token.setAttribute('class', 'diagram-token');
    layer.append(token);
    const began = performance.now();
    const move = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / time));
      const { x, y } = at(flow.waypoints, part);
      token.setAttribute('cx', x);
      token.setAttribute('cy', y);
      if (part < 1) {
        requestAnimationFrame(move);
      } else {
        token.remove();
        done();
      }
    };
    requestAnimationFrame(move);
  });
}

// What this window last showed of the dry run; a browser may refuse to keep it.
function remembered(place, flows) {
  try {
    const before = JSON.parse(sessionStorage.getItem(place) ?? '{}');
    sessionStorage.setItem(place, JSON.stringify(flows));
    return before;
  } catch {
    return flows;
  }
}

export async function walkOn(viewer, run, { flows }) {
  const before = remembered(`walked:${run}`, flows);
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) {
    return 0;
  }
  const registry = viewer.get('elementRegistry');
  const taken = Object.keys(flows).filter((each) => flows[each] > (before[each] ?? 0)).map((each) => registry.get(each)).filter(Boolean);
  const rounds = inRounds(taken);
  const layer = viewer.get('canvas').getLayer('tokens', 100);
  for (const round of rounds) {
    await Promise.all(round.map((flow) => walk(layer, flow, Math.min(STEP, LONGEST / rounds.length))));
  }
  return taken.length;
}
