# The web application, on a CPU:
#
#     docker build -t finscribe .
#     docker run -p 127.0.0.1:8000:8000 -e FINSCRIBE_ALLOW_REMOTE=1 \
#         -v finscribe-data:/app/data -v finscribe-models:/app/models finscribe
#
# Training and GPUs: Dockerfile.llm. Both together, with a database: docker-compose.yml.

FROM python:3.11-slim

# Models run on ONNX Runtime here. With EXTRAS=train,prepare,web they can be fine-tuned, too, which takes PyTorch; its CPU
# builds are a tenth of the others. UNSLOTH_CPU=1 adds the CPU backend of Unsloth (licences: requirements/unsloth-cpu.txt).
ARG EXTRAS=prepare,web
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG UNSLOTH_CPU=

ENV PATH=/opt/finscribe/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    HOME=/home/finscribe \
    HF_HOME=/home/finscribe/huggingface \
    ORT_DISABLE_TELEMETRY=1 \
    UNSLOTH_DISABLE_STATISTICS=1

# What everything rests on changes seldom; a change of the code alone does not install it anew.
WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY requirements requirements
COPY finscribe/__init__.py finscribe/__init__.py
RUN python -m venv /opt/finscribe \
 && case ",$EXTRAS," in *,train,*) \
        pip install -c requirements/constraints.txt --index-url "$TORCH_INDEX" --no-deps torch;; \
    esac \
 && pip install -c requirements/constraints.txt -e ".[$EXTRAS]" \
 && if [ -n "$UNSLOTH_CPU" ]; then pip install --no-deps -r requirements/unsloth-cpu.txt; fi

COPY . .

# Any user may run it (`--user`): what is written lies in the two volumes, in evaluation and in the home folder; in .ray, a
# cluster's token.
RUN mkdir -p data models evaluation "$HF_HOME" "$HOME/.ray" && chmod 1777 data models evaluation "$HOME" "$HF_HOME" "$HOME/.ray"
VOLUME ["/app/data", "/app/models"]
USER 1000:1000

# Without users, FINSCRIBE_API_KEYS or FINSCRIBE_ALLOW_REMOTE it does not start. The last lets everybody in: publish the
# port on a loopback address alone then; see docs/containers.md.
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
