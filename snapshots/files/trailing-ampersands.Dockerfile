FROM ruby:3.3-slim
RUN apt-get update -qq && \
  apt-get install -y --no-install-recommends \
  build-essential \
  libpq-dev \
  nodejs
RUN gem install bundler -v 2.5.10 && \
  bundle config set without 'development test'
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install --jobs 4
RUN bundle clean --force
COPY . .
# The master key is not there at build time.
RUN SECRET_KEY_BASE=dummy bundle exec rails assets:precompile
RUN chmod -R g+w tmp log
CMD ["bundle", "exec", "puma"]
