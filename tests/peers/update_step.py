#!/usr/bin/python3
"""Times one full policy-gradient update of a padded batch: forward, log-probabilities, clipped loss, backward, clip, AdamW.

The last line is JSON; `tokens_per_second` counts every position of the padded batch, `real_tokens_per_second` only those
that belong to a row (rows are from half as long as the batch to all of it).
"""

import argparse
import json
import statistics
import time

import torch

from transformer import Transformer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    for name, default in (("width", 64), ("layers", 2), ("heads", 4), ("batch", 64), ("length", 32),
                          ("vocabulary", 256), ("threads", 1), ("repeats", 20), ("warmup", 3), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    batch, length = options.batch, options.length

    model = Transformer(options.vocabulary, options.width, options.layers, options.heads, length)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.01)
    tokens = torch.randint(0, options.vocabulary, (batch, length + 1))
    inputs, targets = tokens[:, :-1], tokens[:, 1:, None]
    lengths = torch.linspace(length / 2, length, batch).round().long()
    real = (torch.arange(length)[None, :] < lengths[:, None]).float()
    advantage = torch.randn(batch, 1)

    def log_probabilities():
        return model.logits(model(inputs)).log_softmax(-1).gather(-1, targets)[..., 0]

    with torch.no_grad():
        sampled = log_probabilities()

    def update():
        optimiser.zero_grad(set_to_none=True)
        ratio = (log_probabilities() - sampled).exp()
        gain = torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage)
        loss = -(gain * real).sum() / real.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()

    for _ in range(options.warmup):
        update()
    times = []
    for _ in range(options.repeats):
        start = time.perf_counter()
        update()
        times.append(time.perf_counter() - start)
    median = statistics.median(times)
    print(json.dumps({"tokens_per_second": round(batch * length / median, 1),
                      "real_tokens_per_second": round(float(real.sum()) / median, 1),
                      "milliseconds": round(1000 * median, 3), "fastest_milliseconds": round(1000 * min(times), 3),
                      "parameters": sum(p.numel() for p in model.parameters()),
                      "width": options.width, "layers": options.layers, "batch": batch, "length": length,
                      "threads": options.threads}))


if __name__ == "__main__":
    main()
