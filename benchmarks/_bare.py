"""The yardstick of the editor's opening: a page with bpmn-js's modeler alone, and the diagram both open."""

from __future__ import annotations

import gzip
import mimetypes
import runpy
import subprocess
import sys
from pathlib import Path

from flask import Flask, Response, abort

FRONTEND = Path(__file__).resolve().parents[1] / "webui" / "frontend"

SCRIPT = """
import Modeler from 'bpmn-js/lib/Modeler';
const place = document.querySelector('#canvas');
const modeler = new Modeler({ container: place });
const answer = await fetch(place.dataset.diagram);
await modeler.importXML(await answer.text());
modeler.get('canvas').zoom('fit-viewport');
place.dataset.ready = 'true';
"""
STYLE = """
@import 'bpmn-js/dist/assets/diagram-js.css';
@import 'bpmn-js/dist/assets/bpmn-js.css';
@import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-codes.css';
html, body, #canvas { height: 100%; margin: 0; }
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>bpmn-js</title>
<link rel="stylesheet" href="/bare/bare.css"><script type="module" src="/bare/bare.js"></script></head>
<body><div id="canvas" data-diagram="/bare/diagram.bpmn"></div></body></html>"""
_NODE = '<bpmn:{tag} id="n{at}" name="{name}"{more}/>'
_FLOW = '<bpmn:sequenceFlow id="f{at}" sourceRef="n{at}" targetRef="n{next}"/>'
NODES = 49


def diagram() -> bytes:
    """A hundred elements: a pool, two lanes, 49 nodes one after another in rows, 48 flows."""
    last = NODES - 1
    parts, shapes = [], []
    for at in range(NODES):
        kind = "startEvent" if at == 0 else "endEvent" if at == last else "userTask"
        more = ' parley:form="said.form"' if kind == "userTask" else ""
        parts.append(_NODE.format(tag=kind, at=at, name=f"Step number {at}", more=more))
        width, height = (100, 80) if kind == "userTask" else (36, 36)
        x, y = 180 + 150 * (at % 10), 120 + 120 * (at // 10)
        shapes.append(
            f'<bpmndi:BPMNShape id="s{at}" bpmnElement="n{at}">'
            f'<dc:Bounds x="{x - width / 2}" y="{y - height / 2}" width="{width}" height="{height}"/>'
            "</bpmndi:BPMNShape>"
        )
        if at < last:
            parts.append(_FLOW.format(at=at, next=at + 1))
            following = 180 + 150 * ((at + 1) % 10), 120 + 120 * ((at + 1) // 10)
            shapes.append(
                f'<bpmndi:BPMNEdge id="e{at}" bpmnElement="f{at}"><di:waypoint x="{x}" y="{y}"/>'
                f'<di:waypoint x="{following[0]}" y="{following[1]}"/></bpmndi:BPMNEdge>'
            )
    lanes = ""
    for number, role in enumerate(("cio", "ciso")):
        half = range(number * 30, min(number * 30 + 30, NODES))
        inside = "".join(f"<bpmn:flowNodeRef>n{at}</bpmn:flowNodeRef>" for at in half)
        lanes += f'<bpmn:lane id="l{number}" name="{role.upper()}" parley:role="{role}">{inside}</bpmn:lane>'
        y, height = (50, 360) if number == 0 else (410, 240)
        shapes.append(
            f'<bpmndi:BPMNShape id="ls{number}" bpmnElement="l{number}" isHorizontal="true">'
            f'<dc:Bounds x="90" y="{y}" width="1550" height="{height}"/></bpmndi:BPMNShape>'
        )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:parley="urn:parley:bpmn:1" id="large"
 targetNamespace="urn:large">
<bpmn:collaboration id="c">
<bpmn:participant id="pool" name="Large" processRef="large_process"/></bpmn:collaboration>
<bpmn:process id="large_process" isExecutable="true"><bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>
{"".join(parts)}</bpmn:process>
<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="c">
<bpmndi:BPMNShape id="ps" bpmnElement="pool" isHorizontal="true">
<dc:Bounds x="60" y="50" width="1580" height="600"/></bpmndi:BPMNShape>{"".join(shapes)}
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>""".encode()


def built(folder: Path) -> None:
    """Bundle the bare page as the product's own scripts are bundled: by the same esbuild, minified."""
    node, _ = runpy.run_path(str(FRONTEND / "build.py"))["find_node"]()
    for name, source in (("bare.js", SCRIPT), ("bare.css", STYLE)):
        subprocess.run(
            [
                *node, "node_modules/esbuild/bin/esbuild", "--bundle", "--minify", "--format=esm",
                f"--loader={Path(name).suffix[1:]}", "--target=es2022", "--loader:.woff2=file",
                "--loader:.woff=file", "--loader:.svg=dataurl", "--loader:.eot=empty", "--loader:.ttf=empty",
                f"--outfile={folder / name}", "--log-level=error",
            ],
            cwd=FRONTEND, input=source.encode(), check=True, stdout=sys.stderr,
        )  # fmt: skip
    (folder / "diagram.bpmn").write_bytes(diagram())


def serve_bare(app: Flask, folder: Path) -> None:
    """Serve the bare page beside the product, compressed and kept by the browser as its files are."""

    def part(name: str) -> Response:
        path = folder / name
        if not path.is_file():
            abort(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        content, headers = path.read_bytes(), {"Cache-Control": "public, max-age=31536000, immutable"}
        if path.suffix in (".js", ".css"):
            content = gzip.compress(content, 9)
            headers["Content-Encoding"] = "gzip"
        return Response(content, mimetype=kind, headers=headers)

    app.add_url_rule("/bare/<name>", "bare_part", part)
    app.add_url_rule("/bare", "bare_page", lambda: PAGE)
