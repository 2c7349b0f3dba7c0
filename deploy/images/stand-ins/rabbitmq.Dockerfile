ARG SUITE
FROM coupbiz-stand-in/debian:${SUITE}
# Its start script reads the user, the password and the virtual host from RABBITMQ_DEFAULT_USER, _PASS and _VHOST itself.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends rabbitmq-server \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o rabbitmq -g rabbitmq -m 0777 /etc/rabbitmq/conf.d \
    && echo "[rabbitmq_management,rabbitmq_prometheus]." >/etc/rabbitmq/enabled_plugins \
    && rm -rf /var/lib/rabbitmq/mnesia /var/lib/rabbitmq/.erlang.cookie
ENV LANG=C.UTF-8 HOME=/var/lib/rabbitmq RABBITMQ_LOGS=-
COPY rabbitmq-entrypoint /usr/local/bin/
VOLUME /var/lib/rabbitmq
EXPOSE 4369 5672 15672 25672
ENTRYPOINT ["rabbitmq-entrypoint"]
CMD ["rabbitmq-server"]
