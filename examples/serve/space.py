"""The space that the examples search: Mugi arrays for Llama 2 7B at batch 4, on at most 3 mm²."""

HEIGHTS = range(8, 513, 8)
KIBIBYTES = [16, 32, 64, 128, 256]
LARGEST_MM2 = 3.0


def measure(mugi, height, weight_kib, output_kib):
    """All metrics of one design. Raises MugiError where no memory of that shape can be priced."""
    design = {
        "base": "mugi-256",
        "name": f"mugi-{height}-{weight_kib}-{output_kib}",
        "height": height,
        "sram": {"weight": {"kib": weight_kib}, "output": {"kib": output_kib}},
    }
    return mugi.ask(model="llama-2-7b", batch=4, designs=[design])
