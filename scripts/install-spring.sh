#!/bin/sh
# Builds what servers/spring runs, with Maven, into an ignored folder: the application with Spring
# Boot, its libraries beside it, and an archive of its classes that halves its start. It does
# nothing, quickly and without a network, when that has been done.
set -eu
cd "$(dirname "$0")/.."

have() { command -v "$1" >/dev/null 2>&1; }
java_is_new_enough() { java -XshowSettings:properties -version 2>&1 | grep -Eq 'java.specification.version = (1[7-9]|[2-9][0-9])'; }

# The stamp is written last, so a build that was broken off is done again; until it is whole the folder that is run
# has another name, so nothing takes it for one.
stamp=servers/spring/app/target/.corsproof-stamp
wanted=$(cat servers/spring/app/pom.xml servers/spring/app/src/main/java/corsproof/*.java "$0" | cksum)
[ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ] || exit 0

have javac && java_is_new_enough || scripts/apt-server.sh default-jdk-headless
have mvn || scripts/apt-server.sh maven

cd servers/spring/app
rm -rf target
mvn --quiet --batch-mode -Dmaven.repo.local=.m2 package
java -Djarmode=tools -jar target/orders.jar extract --destination target/run.part
cd target/run.part
# A run that ends when all is ready, for the archive. An archive that is missing costs time only.
SERVER_PORT=0 SERVER_ADDRESS=127.0.0.1 java -XX:ArchiveClassesAtExit=orders.jsa -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
	-Dspring.context.exit=onRefresh -jar orders.jar >archive.log 2>&1 || true
cd ../..
mv target/run.part target/run
printf '%s\n' "$wanted" >target/.corsproof-stamp
