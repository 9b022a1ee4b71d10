#!/usr/bin/python3
"""Self-play and learning on Kuhn poker as a general framework would do it: games in a batch, every prompt computed.

Each of the (up to) three rounds of a batch is one forward pass over the prompts of all live games; the update computes
one row for every decision of every game. Nothing here notices that only twelve prompts exist.
"""

import torch

import recipe


def policy_loss(learner, prompt, move, advantage, games):
    rows = torch.from_numpy(prompt)
    log_policy = learner.log_policy(learner.model, rows)
    slow = learner.slow_log_policy(rows)
    advantage = torch.from_numpy(advantage).float()
    taken = log_policy.gather(1, torch.from_numpy(move)[:, None])[:, 0]
    policy = log_policy.exp()
    pull = (policy * (log_policy - slow)).sum(-1)
    entropy = -(policy * log_policy).sum(-1)
    return (-advantage * taken + learner.options.kl * pull - learner.entropy_weight() * entropy).sum() / games


def main():
    learner = recipe.Learner(recipe.arguments(__doc__))

    def distribution(prompts):
        with torch.no_grad():
            return learner.log_policy(learner.model, torch.from_numpy(prompts)).exp().numpy()

    def one_update():
        learner.step(policy_loss(learner, *learner.play(distribution)))

    recipe.run(learner, one_update)


if __name__ == "__main__":
    main()
