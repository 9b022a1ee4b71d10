"""What both Kuhn loops share: the command line, the schedules, the baseline and the closing report.

The recipe is a policy gradient (REINFORCE) with a baseline, pulled towards a slow copy of the policy (an average of past
weights, ever slower) by a KL term, with an entropy bonus and a learning rate that fall over a known length. Without the
pull and the bonus (`--kl 0 --entropy 0 --baseline seat`) it is plain self-play, whose last iterate does not settle.
"""

import argparse
import json
import time

import numpy as np
import torch

import kuhn
from transformer import Transformer


class Baseline:
    """Exponential average of the returns seen under a key; a batch is judged by the averages from before it.

    The key is the seat, the prompt, or the state (what both seats together know). None depends on the move it judges, so
    none biases the gradient; the finer ones leave less noise in it. A key's first batch sets its average.
    """

    KEEP = {"seat": 0.999, "prompt": 0.99, "state": 0.99}   # share kept at each visit

    def __init__(self, kind: str):
        self.kind, self.keep = kind, self.KEEP[kind]
        self.value, self.known = np.zeros(kuhn.STATES), np.zeros(kuhn.STATES, dtype=bool)

    def advantages(self, prompt, state, gain):
        """`gain` is the return of the seat that decides, one entry a decision."""
        key = {"seat": kuhn.SEAT[prompt % 4], "prompt": prompt, "state": state}[self.kind]
        advantage = gain - self.value[key]
        visits = np.bincount(key, minlength=kuhn.STATES)
        mean = np.bincount(key, gain, kuhn.STATES) / np.maximum(visits, 1)
        keep = np.where(self.known, self.keep ** visits, visits == 0)
        self.value = keep * self.value + (1 - keep) * mean
        self.known |= visits > 0
        return advantage


def arguments(description: str):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--games-per-update", type=int, default=192)
    parser.add_argument("--updates", type=int, default=4000)
    parser.add_argument("--seconds", type=float, default=0, help="stop early after so many seconds; 0 never does")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate at the start")
    parser.add_argument("--last-rate", type=float, default=0.01, help="share of the rate left at the end")
    parser.add_argument("--kl", type=float, default=1.0, help="weight of KL(policy || slow policy)")
    parser.add_argument("--follow", type=float, default=0.05, help="share of the policy the slow copy takes in at the start")
    parser.add_argument("--last-follow", type=float, default=0.002, help="the same at the end")
    parser.add_argument("--entropy", type=float, default=0.05, help="weight of the entropy at the start; 0 at the end")
    parser.add_argument("--baseline", choices=Baseline.KEEP, default="prompt", help="what an average return is kept for")
    parser.add_argument("--report", type=int, default=10, help="lines of progress over the run")
    return parser.parse_args()


class Learner:
    """Owns the weights, their slow copy, the optimiser and the schedules; says how good the policy is."""

    def __init__(self, options):
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)
        self.options = options
        self.dice = np.random.default_rng(options.seed)
        self.baseline = Baseline(options.baseline)
        tokens, last, legal = map(torch.from_numpy, kuhn.prompt_table())
        self.tokens, self.last, self.legal = tokens, last, legal
        build = lambda: Transformer(kuhn.VOCABULARY, options.width, options.layers, options.heads)
        self.model, self.slow = build(), build()
        self.slow.load_state_dict(self.model.state_dict())
        self.slow.requires_grad_(False)
        self.weights, self.slow_weights = list(self.model.parameters()), list(self.slow.parameters())
        self.optimiser = torch.optim.Adam(self.weights, lr=options.rate, betas=(0.9, 0.99))
        self.update = 0

    def log_policy(self, model, prompts):
        """prompts [n] (indices) -> log-probabilities of the two legal moves [n, 2]; every row is computed."""
        states = model(self.tokens[prompts])
        at_last = states[torch.arange(len(prompts)), self.last[prompts]]
        return model.logits(at_last).gather(1, self.legal[prompts]).log_softmax(-1)

    def slow_log_policy(self, prompts):
        with torch.no_grad():
            return self.log_policy(self.slow, prompts)

    def done(self):
        """Share of the run that lies behind, from 0 to 1."""
        return self.update / self.options.updates

    def entropy_weight(self):
        return self.options.entropy * (1 - self.done())

    def step(self, loss):
        """One step of Adam down `loss`, then the slow copy follows."""
        options = self.options
        follow = options.follow * (options.last_follow / options.follow) ** self.done()
        self.optimiser.param_groups[0]["lr"] = options.rate * options.last_rate ** self.done()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimiser.step()
        with torch.no_grad():
            torch._foreach_mul_(self.slow_weights, 1 - follow)
            torch._foreach_add_(self.slow_weights, self.weights, alpha=follow)
        self.update += 1

    def play(self, distribution):
        """Plays one batch: the prompt, the move and the advantage of every decision, and how many games it was."""
        games = self.options.games_per_update
        game, prompt, state, move, result = kuhn.play(games, self.dice, distribution)
        gain = np.where(kuhn.SEAT[prompt % 4] == 0, result[game], -result[game])
        return prompt, move, self.baseline.advantages(prompt, state, gain), games

    def exploitability(self, model=None):
        with torch.no_grad():
            return kuhn.exploitability(self.log_policy(model or self.model, torch.arange(kuhn.PROMPTS)).exp().numpy())


def run(learner, one_update):
    """Calls `one_update` until the updates or the seconds are spent; the last line printed is JSON."""
    options, spent, every = learner.options, 0.0, max(1, learner.options.updates // max(1, learner.options.report))
    while learner.update < options.updates and not (options.seconds and spent >= options.seconds):
        start = time.perf_counter()
        one_update()
        spent += time.perf_counter() - start
        if learner.update % every == 0:
            print(f"games {learner.update * options.games_per_update:8d}  exploitability {learner.exploitability():.4f}"
                  f"  slow copy {learner.exploitability(learner.slow):.4f}  {spent:.1f} s", flush=True)
    games = learner.update * options.games_per_update
    print(json.dumps({"games_per_second": round(games / max(spent, 1e-9), 1), "updates": learner.update, "games": games,
                      "exploitability": round(learner.exploitability(), 5),
                      "slow_exploitability": round(learner.exploitability(learner.slow), 5),
                      "seconds": round(spent, 3)}))
