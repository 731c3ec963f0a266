"""Spaces without some of their values, against brute force; rules.json holds them to the program's."""

import itertools
import unittest

from nasatlas import errors, spaces

CARD = {"kind": "grid", "parameters": [
    {"name": "depth", "kind": "ordinal", "values": [1, 2, 3, 4, 5]},
    {"name": "width", "kind": "ordinal", "values": [8, 16, 32]},
    {"name": "act", "kind": "categorical", "values": ["tanh", "relu", "gelu"]}]}


class Restricted(unittest.TestCase):
    def test_exact_counts_of_seqnas(self):
        for words, count in (((), 3_425_438_016), (("gru",), 174_335_616), (("conv",), 174_335_616),
                             (("attention",), 2_463_552), (("decoder",), 12_547_392), (("encoder_depth",), 26_208),
                             (("stem_dropout=on", "gru", "conv"), 3_629_808)):
            space = spaces.space("seqnas").without("stem_kernel=none", *words)
            self.assertEqual(space.size, count, words)
            for text in space.sample(2, seed=3):
                self.assertTrue(space.contains(text))
                self.assertTrue(set(space.neighbors(text)) == set(map(space.canonical, space.neighbors(text))))
                self.assertTrue(space.contains(space.mutate(text, seed=2)))
                self.assertEqual(space.canonical(space.configuration(text)), text)

    def test_members_of_seqnas(self):
        whole = spaces.space("seqnas")
        space = whole.without("gru")
        for text in whole.sample(60, seed=4):
            self.assertEqual(space.contains(text), "gru" not in text)
        outside = "stem:k1/time:on/encoder:gru/decoder:off/head:avg"
        for ask in (space.canonical, space.mutate, space.encode, space.neighbors, space.identifiers):
            with self.assertRaisesRegex(errors.NotInSpace, "encoder_1_operations is 'gru'; allowed: att, conv, att") as e:
                ask(outside)
            self.assertEqual(e.exception.code, "spaces.closed")

    def test_a_grid_by_brute_force(self):
        whole = spaces.space("small", CARD)
        space = whole.without("depth=3", "act=relu")
        every = [whole.text(dict(zip(("depth", "width", "act"), values))) for values in itertools.product(
            (1, 2, 3, 4, 5), (8, 16, 32), ("tanh", "relu", "gelu"))]
        inside = [text for text in every if "depth=3" not in text and "relu" not in text]
        self.assertEqual([text for text in every if space.contains(text)], inside)
        self.assertEqual(space.size, len(inside))
        self.assertEqual(set(space.sample(500, seed=1)), set(inside))
        for text in inside:
            near = space.neighbors(text)
            self.assertEqual(len(set(near)), len(near))
            for other in near:
                self.assertIn(text, space.neighbors(other))
            self.assertTrue({space.mutate(text, seed=seed) for seed in range(30)} <= set(near))
        # Depth 3 is closed, so 2 and 4 are neighbors.
        self.assertIn("depth=4,width=8,act=tanh", space.neighbors("depth=2,width=8,act=tanh"))

    def test_mistakes(self):
        with self.assertRaisesRegex(errors.UnknownName, r"'grU' closes nothing in seqnas \(did you mean gru\?\)") as e:
            spaces.space("seqnas").without("grU")
        self.assertEqual(e.exception.code, "spaces.unknown_closable")
        for words in (("pooling",), ("encoder", "decoder", "stem_kernel")):
            with self.assertRaises(errors.UnsupportedSpace) as e:
                spaces.space("seqnas").without(*words)
            self.assertEqual(e.exception.code, "spaces.nothing_left")
        for name in ("nasbench101", "nas-bench-graph"):
            with self.assertRaises(errors.UnsupportedSpace) as e:
                spaces.space(name).without("x")
            self.assertEqual(e.exception.code, "spaces.not_restrictable")
        with self.assertRaises(errors.UnsupportedSpace):
            spaces.space("nats-sss").without("channels_1=8").require_choices()


if __name__ == "__main__":
    unittest.main()
