"""Kuhn poker with real stakes (three cards, ante 1, bet 1): rules, prompts as tokens, batched play, exact exploitability.

Knows nothing of models: whoever plays hands over a function from prompts to distributions.
"""

import numpy as np

# Four situations a card can find itself in; the first two are seat 0's, the others seat 1's.
SITUATIONS = ("", "check bet", "check", "bet")
SEAT = np.array([0, 0, 1, 1])
MOVES = (("check", "bet"), ("fold", "call"), ("check", "bet"), ("fold", "call"))
CARDS = ("J", "Q", "K")
PROMPTS = len(CARDS) * len(SITUATIONS)
STATES = len(CARDS) ** 2 * len(SITUATIONS)

WORDS = ("<pad>", "<bos>", "game", "kuhn", "seat", "0", "1", "card", "J", "Q", "K",
         "history", "check", "bet", "fold", "call", "move:")
VOCABULARY = len(WORDS)


def prompt_words(prompt: int) -> list:
    card, situation = divmod(prompt, 4)
    return ["<bos>", "game", "kuhn", "seat", str(SEAT[situation]), "card", CARDS[card],
            "history", *SITUATIONS[situation].split(), "move:"]


def prompt_table():
    """tokens [12, longest] padded on the right, index of the last token [12], the two legal move tokens [12, 2]."""
    rows = [[WORDS.index(word) for word in prompt_words(prompt)] for prompt in range(PROMPTS)]
    tokens = np.zeros((PROMPTS, max(map(len, rows))), dtype=np.int64)
    for row, words in zip(tokens, rows):
        row[:len(words)] = words
    last = np.array([len(row) - 1 for row in rows])
    legal = np.array([[WORDS.index(move) for move in MOVES[prompt % 4]] for prompt in range(PROMPTS)])
    return tokens, last, legal


def play(games: int, rng, distribution):
    """Plays `games` hands at once. `distribution` maps prompts [n] to probabilities [n, 2].

    Returns (game, prompt, state, move), one entry a decision, and the return of seat 0 for each game. A state is what
    both seats together know at that decision: both cards and the moves so far, as a number below `STATES`.
    """
    first = rng.integers(0, 3, games)
    second = (first + rng.integers(1, 3, games)) % 3
    deal, every = first * len(CARDS) + second, np.arange(games)

    def ask(who, prompt):
        return (rng.random(len(who)) < distribution(prompt)[:, 1]).astype(np.int64)

    opening_prompt = first * 4
    opening = ask(every, opening_prompt)
    reply_prompt = second * 4 + 2 + opening
    reply = ask(every, reply_prompt)
    again = np.flatnonzero((opening == 0) & (reply == 1))
    last_prompt = first[again] * 4 + 1
    last = ask(again, last_prompt)

    showdown = np.where(first > second, 1.0, -1.0)
    result = np.where(opening == 1, np.where(reply == 1, 2 * showdown, 1.0), showdown)
    result[again] = np.where(last == 1, 2 * showdown[again], -1.0)
    prompts = np.concatenate([opening_prompt, reply_prompt, last_prompt])
    cards = np.concatenate([deal, deal, deal[again]])
    return (np.concatenate([every, every, again]),
            prompts, cards * len(SITUATIONS) + prompts % len(SITUATIONS),
            np.concatenate([opening, reply, last]), result)


def exploitability(policy) -> float:
    """(best response of seat 0 + best response of seat 1) / 2, in chips a hand. `policy` is [12, 2]; uniform gives 11/24."""
    return (best_response(policy, 0) + best_response(policy, 1)) / 2


def best_response(policy, seat: int) -> float:
    policy = np.asarray(policy, dtype=np.float64).reshape(3, 4, 2)
    total = 0.0
    for card in range(3):
        wins = np.sign(card - np.arange(3)).astype(float)   # by the other seat's card; 0 is our own, never dealt twice
        dealt = np.where(np.arange(3) == card, 0.0, 1 / 6)

        def value(situation, mover, moves, weight):
            """moves: for each of the two moves, a function from the weights of the other's cards to our value."""
            if mover == seat:
                return max(move(weight) for move in moves)
            return sum(moves[m](weight * policy[:, situation, m]) for m in range(2))

        def showdown(stake):
            return lambda w: float(stake * (w * wins).sum())

        def folds(who):
            return lambda w: float(w.sum()) * (-1.0 if who == seat else 1.0)

        def check_bet(w):
            return value(1, 0, (folds(0), showdown(2)), w)

        def check(w):
            return value(2, 1, (showdown(1), check_bet), w)

        def bet(w):
            return value(3, 1, (folds(1), showdown(2)), w)

        total += value(0, 0, (check, bet), dealt)
    return total
