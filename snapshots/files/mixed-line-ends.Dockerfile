FROM php:8.3-apache
RUN a2enmod rewrite
RUN a2enmod headers
# edited on Linux
RUN docker-php-ext-install \
    mysqli \
    pdo_mysql

RUN apt-get update && \
    apt-get install -y libzip-dev
COPY . /var/www/html
