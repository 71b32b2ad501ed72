"""A decoder of the Llama family as an ONNX graph; its weights are named, not held.

Inputs, for r sequences, each with a cache of its own, that get n tokens together:

tokens        [n]              the new tokens, one sequence behind the other
places        [n]              the place of each in its sequence, from 0 and within the model's context
sizes         [r]              how many are each sequence's, at least one; not there where r is 1
starts        [r]              how many tokens of each sequence are in its cache
wanted        [k]              the tokens of the n whose logits are wanted
keys.i.j      [1, h, c, d]     layer i's keys of sequence j: h heads of width d, with room for c tokens
values.i.j    [1, h, c, d]     its values

Outputs: `logits` [k, vocabulary], and `new_keys.i.j` and `new_values.i.j`, the cache with the new tokens in it. Bound
to the same memory as the inputs, only the new tokens are written. What lies behind a sequence's tokens is never seen.

Products with weights are computed for all n tokens at once, attention for each sequence by itself, so that none is
padded to the length of another.

Attention is ONNX Runtime's own operator, which does not look at the room behind a sequence's tokens; in a graph for
other programs it is written in standard operators, which do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from finscribe.decoding.onnx.shape import Shape

if TYPE_CHECKING:
    from finscribe.decoding.onnx.weights import Arrays

OPSET, IR_VERSION = 24, 11
OWN_DOMAIN = "com.microsoft"
"""Where ONNX Runtime has what ONNX has not: attention with its cache, and products of whole numbers as real ones."""

HEAD_STEP = 16
"""ONNX Runtime's attention takes heads whose width is a multiple of it."""

MIDDLE = 64
"""Zero of the rounded inputs, which have seven bits: with eight, processors without VNNI run over in adding pairs."""
SMALLEST_SCALE = 1e-30
"""That of inputs that are all zero: by zero nothing can be divided."""

INT32 = 6
"""The kind of numbers, as ONNX counts kinds."""

LOCATION = "weights"
"""Where weights are that the program hands over."""


def build_graph(shape: Shape, arrays: Arrays, rows: int = 1, *, standard: bool = False) -> Any:
    """The model (`onnx.ModelProto`) for so many sequences; the weights are external, and named as in `arrays`.

    `standard` leaves out operators that only ONNX Runtime has; weights in eight bits need one.
    """
    from onnx import helper

    graph = _Graph(shape, arrays, rows, standard or shape.head_width % HEAD_STEP != 0)
    graph.write()
    inputs = [_declared(name, kind, dims) for name, kind, dims in _inputs(shape, rows)]
    outputs = [_declared(name, kind, dims) for name, kind, dims in _outputs(shape, rows)]
    made = helper.make_graph(graph.nodes, "decoder", inputs, outputs, graph.initializers())
    opsets = [helper.make_opsetid("", OPSET)]
    if any(node.domain == OWN_DOMAIN for node in graph.nodes):
        opsets.append(helper.make_opsetid(OWN_DOMAIN, 1))
    return helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="finscribe")


def cache_names(shape: Shape) -> list[str]:
    """The arrays of a sequence's cache; the graph has its number behind them, and `new_` before its outputs."""
    return [f"{kind}.{layer}" for layer in range(shape.layers) for kind in ("keys", "values")]


def _inputs(shape: Shape, rows: int) -> list[tuple[str, str, list[Any]]]:
    indices: dict[str, list[Any]] = {"tokens": ["n"], "places": ["n"], "starts": [rows], "wanted": ["k"]}
    indices |= {"sizes": [rows]} if rows > 1 else {}
    return [*((name, "INT64", dims) for name, dims in indices.items()), *_caches(shape, rows, "")]


def _outputs(shape: Shape, rows: int) -> list[tuple[str, str, list[Any]]]:
    return [("logits", "FLOAT", ["k", shape.vocabulary]), *_caches(shape, rows, "new_")]


def _caches(shape: Shape, rows: int, prefix: str) -> list[tuple[str, str, list[Any]]]:
    return [
        (f"{prefix}{name}.{row}", "FLOAT", [1, shape.key_value_heads, f"c{row}", shape.head_width])
        for row in range(rows)
        for name in cache_names(shape)
    ]


def _declared(name: str, kind: str, dims: list[Any]) -> Any:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, getattr(TensorProto, kind), dims)


@dataclass
class _Graph:
    """The nodes written so far; values are known by their names."""

    shape: Shape
    arrays: Arrays
    rows: int
    standard: bool
    nodes: list[Any] = field(default_factory=list)
    shared: dict[str, list[str]] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)

    def write(self) -> None:
        """All nodes, from the tokens to the logits."""
        stream, last = self.node("Gather", "embedding", "tokens"), self.shape.layers - 1
        for layer in range(self.shape.layers):
            found = self._attention(layer, self._normed(stream, f"{layer}.attention_norm"))
            if layer == last:  # nothing looks at the other tokens any more
                stream, found = (self.node("Gather", each, "wanted") for each in (stream, found))
            stream = self.node("Add", stream, self._product(found, f"{layer}.out"))
            stream = self.node("Add", stream, self._inner(layer, stream))
        head = "head" if {"head", "head.int8"} & self.arrays.keys() else "embedding"
        self.node("Identity", self._product(self._normed(stream, "norm"), head), out="logits")

    def _inner(self, layer: int, stream: str) -> str:
        """The gated unit: SiLU of one half times the other."""
        both = self._product(self._normed(stream, f"{layer}.inner_norm"), f"{layer}.inner")
        gate, up = self.parts(both, [self.shape.inner] * 2, axis=-1)
        gated = self.node("Mul", self.node("Mul", gate, self.node("Sigmoid", gate)), up)
        return self._product(gated, f"{layer}.down")

    def _attention(self, layer: int, stream: str) -> str:
        """What the heads find, `[n, heads x width]`."""
        packed = self._product(stream, f"{layer}.heads")
        found = (
            self._standard_attention(layer, packed) if self.standard else self._fused_attention(layer, packed)
        )
        return self.node("Reshape", found, self.ints(-1, self.shape.heads * self.shape.head_width))

    def _fused_attention(self, layer: int, packed: str) -> str:
        """`[1, n, heads x width]`; the operator turns queries and keys and writes the cache, too."""
        new = self._by_row(self.node("Unsqueeze", packed, self.ints(0)), axis=1)
        found = [self._row_fused(layer, row, each) for row, each in enumerate(new)]
        return self.node("Concat", *found, axis=1) if self.rows > 1 else found[0]

    def _row_fused(self, layer: int, row: int, new: str) -> str:
        cache = [f"{kind}.{layer}.{row}" for kind in ("keys", "values")]
        before, known = self.once(f"sizes.{row}", lambda: self._sizes(row))
        places = self.once(
            "turns", lambda: self._by_row(self.node("Unsqueeze", "places", self.ints(0)), axis=1)
        )
        return self.node(
            "GroupQueryAttention",
            *(new, "", "", *cache, before, known, "cosines", "sines", places[row]),
            more=[f"new_{name}" for name in cache],
            domain=OWN_DOMAIN,
            num_heads=self.shape.heads,
            kv_num_heads=self.shape.key_value_heads,
            do_rotary=1,
        )

    def _sizes(self, row: int) -> list[str]:
        """How many tokens a sequence has with its new ones, less one in `[1]`, and as a number."""

        def known() -> list[str]:
            new = "sizes" if self.rows > 1 else self.node("Shape", "tokens")
            return self.parts(
                self.node("Cast", self.node("Add", "starts", new), to=INT32), [1] * self.rows, axis=0
            )

        size = self.once("known", known)[row]
        return [self.node("Sub", size, self.scalar(1, "INT32")), self.node("Squeeze", size)]

    def _standard_attention(self, layer: int, packed: str) -> str:
        """`[1, n, heads, width]`."""
        shape = self.shape
        heads = self.node("Reshape", packed, self.ints(1, -1, self._heads(), shape.head_width))
        counts = [shape.heads, shape.key_value_heads, shape.key_value_heads]
        query, key, value = self.parts(self.node("Transpose", heads, perm=[0, 2, 1, 3]), counts, axis=1)
        queries = self._by_row(self._rotated(query), axis=2)
        keys, values = self._by_row(self._rotated(key), axis=2), self._by_row(value, axis=2)
        found = [
            self._row_standard(layer, row, *each)
            for row, each in enumerate(zip(queries, keys, values, strict=True))
        ]
        whole = self.node("Concat", *found, axis=2) if self.rows > 1 else found[0]
        return self.node("Transpose", whole, perm=[0, 2, 1, 3])

    def _row_standard(self, layer: int, row: int, query: str, key: str, value: str) -> str:
        """What a sequence's new tokens find in its cache, where their own keys and values come first."""
        start, mask = self._starts()[row], self._masks()[row]
        keys, values = (
            self.node(
                "TensorScatter", f"{name}.{layer}.{row}", new, start, out=f"new_{name}.{layer}.{row}", axis=2
            )
            for name, new in (("keys", key), ("values", value))
        )
        return self.node("Attention", query, keys, values, mask)

    def _heads(self) -> int:
        return self.shape.heads + 2 * self.shape.key_value_heads

    def _starts(self) -> list[str]:
        if self.rows == 1:
            return ["starts"]
        return self.once("starts", lambda: self.parts("starts", [1] * self.rows, axis=0))

    def _by_row(self, whole: str, *, axis: int) -> list[str]:
        """What is of all new tokens, divided into those of each sequence."""
        if self.rows == 1:
            return [whole]
        return self._split(whole, "sizes", self.rows, axis)

    def _rotated(self, heads: str) -> str:
        """Rotary embedding, by the place of each token in its sequence."""
        return self.node("RotaryEmbedding", heads, *self.once("rotation", self._rotation))

    def _rotation(self) -> list[str]:
        """Cosine and sine of how far each pair of a head's numbers is turned, `[1, n, d / 2]`."""
        places = self.node("Unsqueeze", "places", self.ints(0))
        return [self.node("Gather", table, places) for table in ("cosines", "sines")]

    def _masks(self) -> list[str]:
        """Which of its cache's tokens each new one of a sequence sees: those before it and itself, `[1, 1, n, c]`."""

        def mask(row: int, places: str) -> str:
            size = self.node("Squeeze", self.node("Shape", f"keys.0.{row}", start=2, end=3))
            columns = self.node("Range", self.scalar(0), size, self.scalar(1))
            return self.node("LessOrEqual", columns, self.node("Unsqueeze", places, self.ints(0, 1, 3)))

        return self.once("masks", lambda: [mask(*each) for each in enumerate(self._by_row("places", axis=0))])

    def _normed(self, stream: str, weight: str) -> str:
        return self.node("RMSNormalization", stream, weight, axis=-1, epsilon=self.shape.epsilon)

    def _product(self, inputs: str, weight: str) -> str:
        bias = [f"{weight}.bias"] if f"{weight}.bias" in self.arrays else []
        if f"{weight}.int8" in self.arrays:
            found = self._product_in_eight_bits(inputs, weight)
            return self.node("Add", found, *bias) if bias else found
        return self.node("Gemm", inputs, weight, *bias, transB=1)

    def _product_in_eight_bits(self, inputs: str, weight: str) -> str:
        """`[n, outputs]` of inputs `[n, width]`, of which each token has a scale of its own, whatever is beside it."""
        scales, steps = self._rounded(inputs)
        found = self.node(
            "MatMulIntegerToFloat",
            steps,
            f"{weight}.int8",
            self.scalar(1.0, "FLOAT"),
            f"{weight}.scales",
            self.scalar(MIDDLE, "UINT8"),
            domain=OWN_DOMAIN,
        )
        return self.node("Mul", found, self.node("Unsqueeze", scales, self.ints(-1)))

    def _rounded(self, inputs: str) -> tuple[str, str]:
        """Inputs `[n, width]` as scales `[n]` and steps from 1 to twice `MIDDLE` less one."""
        largest = self.node("ReduceMax", self.node("Abs", inputs), self.ints(-1), keepdims=0)
        scales = self.node("Mul", largest, self.scalar(1 / (MIDDLE - 1), "FLOAT"))
        scales = self.node("Max", scales, self.scalar(SMALLEST_SCALE, "FLOAT"))
        middles = self.node("Expand", self.scalar(MIDDLE, "UINT8"), self.node("Shape", scales))
        return scales, self.node("QuantizeLinear", inputs, scales, middles, axis=0)

    # --- writing ---

    def node(
        self, operator: str, *inputs: str, out: str = "", more: Sequence[str] = (), **attributes: Any
    ) -> str:
        """A node; returns the name of its first output, `more` are those of the others."""
        from onnx import helper

        out = out or f"{operator}.{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [out, *more], **attributes))
        return out

    def parts(self, whole: str, sizes: list[int], *, axis: int) -> list[str]:
        """A value divided along an axis into parts of these sizes."""
        return self._split(whole, self.ints(*sizes), len(sizes), axis)

    def _split(self, whole: str, sizes: str, count: int, axis: int) -> list[str]:
        from onnx import helper

        outs = [f"Split.{len(self.nodes)}.{index}" for index in range(count)]
        self.nodes.append(helper.make_node("Split", [whole, sizes], outs, axis=axis))
        return outs

    def once(self, name: str, write: Callable[[], list[str]]) -> list[str]:
        """Values that are the same in all layers, written where they are first needed."""
        if name not in self.shared:
            self.shared[name] = write()
        return self.shared[name]

    def ints(self, *numbers: int) -> str:
        """A constant row of whole numbers."""
        return self._constant(numbers, (len(numbers),))

    def scalar(self, number: float, kind: str = "INT64") -> str:
        """A constant number."""
        return self._constant((number,), (), kind)

    def _constant(self, numbers: tuple[float, ...], dims: tuple[int, ...], kind: str = "INT64") -> str:
        from onnx import TensorProto, helper

        name = f"constant.{kind}.{len(dims)}.{'.'.join(map(str, numbers))}"
        self.constants[name] = helper.make_tensor(name, getattr(TensorProto, kind), dims, numbers)
        return name

    def initializers(self) -> list[Any]:
        """The constants, and the weights as names of what is elsewhere."""
        weights = [_external(name, array) for name, array in self.arrays.items()]
        return [*self.constants.values(), *weights]


def _external(name: str, array: Any) -> Any:
    from onnx import TensorProto, helper

    kind = helper.np_dtype_to_tensor_dtype(array.dtype)
    made = TensorProto(name=name, data_type=kind, dims=array.shape, data_location=TensorProto.EXTERNAL)
    made.external_data.add(key="location", value=LOCATION)
    return made
