#!/usr/bin/python3
"""Checks the peers: known values of Kuhn poker, and that merging prompts changes nothing but the time. Exit code 0 is right."""

import sys

import numpy as np
import torch

import kuhn
import kuhn_merged
import kuhn_plain
import recipe


def close(what, seen, wanted, within=1e-9):
    print(f"{what}: {seen:.9g}, wanted {wanted:.9g}")
    assert abs(seen - wanted) <= within, what


def main():
    uniform = np.full((kuhn.PROMPTS, 2), 0.5)
    close("exploitability of uniform", kuhn.exploitability(uniform), 11 / 24)
    close("best response of seat 0 to uniform", kuhn.best_response(uniform, 0), 1 / 2)
    bets = np.array([[0.2, 0, 1 / 3, 0], [0, 0.2 + 1 / 3, 0, 1 / 3], [0.6, 1, 1, 1]]).reshape(-1)
    nash = np.stack([1 - bets, bets], -1)
    close("exploitability of an equilibrium", kuhn.exploitability(nash), 0)
    close("best response of seat 0 to an equilibrium", kuhn.best_response(nash, 0), -1 / 18)
    *_, result = kuhn.play(400_000, np.random.default_rng(1), nash.__getitem__)
    close("value of the equilibrium as played", result.mean(), -1 / 18, 0.01)

    learner = recipe.Learner(recipe.arguments(__doc__))
    for weight in learner.slow_weights:   # a slow copy unlike the policy, so that every term has a gradient
        weight.add_(torch.randn_like(weight), alpha=0.05)
    learner.play(uniform.__getitem__)     # so that the baseline is not empty
    batch = learner.play(uniform.__getitem__)
    gradients = []
    for loop in (kuhn_plain, kuhn_merged):
        loss = loop.policy_loss(learner, *batch)
        gradients.append(torch.cat([g.reshape(-1) for g in torch.autograd.grad(loss, learner.weights)]))
    gap = (gradients[0] - gradients[1]).norm() / gradients[0].norm()
    close("relative gap between the plain and the merged gradient", float(gap), 0, 1e-4)


if __name__ == "__main__":
    sys.exit(main())
