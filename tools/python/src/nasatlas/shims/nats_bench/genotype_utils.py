"""`nats_bench.genotype_utils`: cells of the topology space as objects."""

from __future__ import annotations

import itertools

from nasatlas.shims.nats_bench import cells
from nasatlas.shims.nats_bench.faults import UnreadableCell

__all__ = ["TopologyStructure", "topology_str2structure"]


def topology_str2structure(xstr) -> TopologyStructure:
    """The cell that a text spells."""
    return TopologyStructure.str2structure(xstr)


class TopologyStructure:
    """A cell: for each node after the input, its pairs of operation and source node."""

    def __init__(self, genotype):
        if not isinstance(genotype, (list, tuple)):
            raise UnreadableCell(f"{genotype!r} is not a list of nodes", remedy="give [((operation, source), …), …]")
        for place, node in enumerate(genotype):
            if not isinstance(node, (list, tuple)) or not node or not all(
                    isinstance(edge, (list, tuple)) and len(edge) == 2 and edge[1] <= place for edge in node):
                raise UnreadableCell(f"{node!r} is not a node with sources from 0 to {place}",
                                     remedy="give each node as ((operation, source), …)")
        self.nodes = [tuple(tuple(edge) for edge in node) for node in genotype]
        self.node_num = len(self.nodes) + 1
        self.node_N = [len(node) for node in self.nodes]

    def __len__(self):
        return self.node_num

    def __getitem__(self, index):
        return self.nodes[index]

    def __repr__(self):
        return f"{type(self).__name__}({self.node_num} nodes with {self.tostr()})"

    def tolist(self, remove_str) -> tuple:
        """(nodes with sorted edges and without the operation `remove_str`, True); (None, False) if a node is empty."""
        found = []
        for node in self.nodes:
            kept = tuple(edge for edge in sorted(node, key=lambda edge: (edge[1], edge[0])) if edge[0] != remove_str)
            if not kept:
                return None, False
            found.append(kept)
        return found, True

    def node(self, index: int) -> tuple:
        """The edges of the node after the one numbered `index`, which is 1 or more, as in the original."""
        if not 0 < index < len(self.nodes):
            raise UnreadableCell(f"there is no node {index}; known: 1 to {len(self.nodes) - 1}",
                                 known=list(range(1, len(self.nodes))))
        return self.nodes[index]

    def tostr(self) -> str:
        """The published text."""
        return "+".join("|" + "|".join(f"{name}~{source}" for name, source in node) + "|" for node in self.nodes)

    def check_valid(self) -> bool:
        """Whether a path of operations other than `none` leads from the input to the output."""
        reached = [True]
        for node in self.nodes:
            reached.append(any(name != "none" and reached[source] for name, source in node))
        return reached[-1]

    def to_unique_str(self, consider_zero: bool | None = False) -> str:
        """A text that isomorphic cells share. With `consider_zero` zeros count too; None names every operation."""
        return cells.unique(self.nodes, consider_zero)

    def check_valid_op(self, op_names) -> bool:
        """Whether every operation is one of `op_names`."""
        return all(name in op_names for node in self.nodes for name, _ in node)

    @staticmethod
    def str2structure(xstr) -> TopologyStructure:
        """The cell that a text spells; a TopologyStructure stays itself."""
        return xstr if isinstance(xstr, TopologyStructure) else TopologyStructure(cells.lists(xstr))

    @staticmethod
    def str2fullstructure(xstr: str, default_name: str = "none") -> TopologyStructure:
        """The same with `default_name` from each earlier node that has no edge, sorted; as published, the node just
        before is left out."""
        found = []
        for place, node in enumerate(cells.lists(xstr)):
            sources = {source for _, source in node}
            added = [(default_name, source) for source in range(place) if source not in sources]
            found.append(tuple(sorted((*node, *added), key=lambda edge: (edge[1], edge[0]))))
        return TopologyStructure(found)

    @staticmethod
    def gen_all(search_space, num: int, return_ori: bool) -> list:
        """Every cell of `num` nodes with these operations, as lists with `return_ori`, else as TopologyStructures."""
        if not isinstance(search_space, (list, tuple)) or num < 2:
            raise UnreadableCell(f"a list of operations and at least two nodes are needed, not {search_space!r}, {num}",
                                 remedy="for instance gen_all(['none', 'skip_connect'], 4, True)")
        choices = [[tuple(zip(names, range(sources))) for names in itertools.product(search_space, repeat=sources)]
                   for sources in range(1, num)]
        found = [list(nodes) for nodes in itertools.product(*choices)]
        return found if return_ori else [TopologyStructure(nodes) for nodes in found]
