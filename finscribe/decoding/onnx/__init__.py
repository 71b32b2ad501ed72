"""Models of the Llama family on ONNX Runtime, without PyTorch.

shape.py     config.json -> the sizes of a decoder that can be run, or why not
weights.py   model.safetensors -> the arrays that the graph names
graph.py     shape and arrays -> an ONNX graph
runtime.py   graph and arrays -> ONNX Runtime
session.py   a batch of sequences with their keys and values
model.py     all of it as the decoder's LanguageModel
export.py    the graph and its arrays as files for other programs
"""
