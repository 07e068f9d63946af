"""Draws a spiral from three numbers, in a page made with Gradio."""

import math

import gradio as gr
from PIL import Image, ImageDraw

SIZE = 480


def sketch(turns, arms, thickness):
    picture = Image.new("RGB", (SIZE, SIZE), "#f4f1ea")
    draw = ImageDraw.Draw(picture)
    steps = int(turns) * 60
    for arm in range(int(arms)):
        points = []
        for step in range(steps + 1):
            angle = 2 * math.pi * (step / 60 + arm / arms)
            radius = 0.46 * SIZE * step / steps
            points.append((SIZE / 2 + radius * math.cos(angle), SIZE / 2 + radius * math.sin(angle)))
        draw.line(points, fill="#2f7d5c", width=int(thickness), joint="curve")
    return picture


page = gr.Interface(
    fn=sketch,
    title="Gradio Sketch",
    inputs=[
        gr.Slider(1, 12, value=4, step=1, label="Turns"),
        gr.Slider(1, 8, value=2, step=1, label="Arms"),
        gr.Slider(1, 12, value=3, step=1, label="Thickness"),
    ],
    outputs=gr.Image(label="Sketch"),
    flagging_mode="never",
)

if __name__ == "__main__":
    page.launch()
