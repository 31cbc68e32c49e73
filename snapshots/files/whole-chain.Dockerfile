FROM python:3.12-slim

LABEL org.opencontainers.image.title="reports"
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

RUN apt-get update
RUN apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0
RUN apt-get install -y --no-install-recommends fonts-liberation
RUN apt-get clean
RUN rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install --upgrade pip
RUN pip install --no-cache-dir -r requirements.txt
RUN rm requirements.txt
COPY . .
RUN python manage.py collectstatic --noinput
RUN chown -R www-data:www-data /app
USER www-data
CMD ["gunicorn", "reports.wsgi"]
