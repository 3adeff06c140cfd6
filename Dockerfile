# The app for many visitors: docker build -t importflow . && docker run -p 8501:8501 importflow
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 STREAMLIT_SERVER_HEADLESS=true

WORKDIR /app

# What is needed changes less often than the product: its layer is kept from build to build.
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
    print(*project['dependencies'], *project['optional-dependencies']['login'], sep='\n')" > needed.txt \
    && pip install --constraint constraints.txt hatchling --requirement needed.txt

COPY app.py ./
COPY .streamlit .streamlit
COPY scenarios scenarios
COPY sim sim
RUN pip install --constraint constraints.txt --no-build-isolation --no-deps .

# The compiled engine is kept in the home of a user who may write nowhere else.
RUN useradd --create-home --home-dir /var/lib/importflow --uid 10001 importflow
USER importflow
WORKDIR /var/lib/importflow
RUN importflow run teaching_line

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; assert u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4).read() == b'ok'"]
CMD ["importflow", "app", "--host", "0.0.0.0", "--port", "8501"]
