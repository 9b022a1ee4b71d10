#!/usr/bin/python3
"""The same self-play and the same gradient as kuhn_plain.py, with every distinct prompt computed once.

A batch of games samples from a table of twelve distributions; the update sums the weights of equal (prompt, move)
pairs first and computes twelve rows. The fastest form of this experiment that Python and PyTorch are likely to allow.
"""

import numpy as np
import torch

import kuhn
import recipe

EVERY_PROMPT = torch.arange(kuhn.PROMPTS)


def policy_loss(learner, prompt, move, advantage, games):
    gains = np.bincount(prompt * 2 + move, advantage, 2 * kuhn.PROMPTS).reshape(-1, 2)
    visits = np.bincount(prompt, minlength=kuhn.PROMPTS)[:, None]
    gains, visits = torch.from_numpy(gains).float(), torch.from_numpy(visits).float()
    log_policy = learner.log_policy(learner.model, EVERY_PROMPT)
    policy = log_policy.exp()
    pull = learner.options.kl * (log_policy - learner.slow_log_policy(EVERY_PROMPT))
    return (visits * policy * (pull + learner.entropy_weight() * log_policy) - gains * log_policy).sum() / games


def main():
    learner = recipe.Learner(recipe.arguments(__doc__))

    def one_update():
        with torch.no_grad():
            table = learner.log_policy(learner.model, EVERY_PROMPT).exp().numpy()
        learner.step(policy_loss(learner, *learner.play(table.__getitem__)))

    recipe.run(learner, one_update)


if __name__ == "__main__":
    main()
