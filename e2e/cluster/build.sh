#!/usr/bin/env bash
# Builds the cluster's programs from Go modules into a cache, and only those that are missing.
#
#   build.sh [a|c|all]   build what a level needs (default: all, which adds helm) and print the folder of the programs
#   build.sh --bin-dir   print that folder and build nothing
#
# The cache is $CHANGEOVER_CACHE/cluster (CHANGEOVER_CACHE: ~/.cache/changeover), the programs are in KEY/bin there.
# KEY is a hash of every input: go.mod and go.sum of the modules, the sources of the test images, the build flags and
# the Go version. The source tree is never written to.
set -euo pipefail

kit=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { printf '%s\n' "build: $*" >&2; }
die() { say "$*"; exit 1; }

export GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 GOFLAGS="-mod=readonly -trimpath -buildvcs=false"

[[ $(go env GOVERSION 2>/dev/null || true) =~ ^go1\.([0-9]+) && ${BASH_REMATCH[1]} -ge 26 ]] ||
	die "the test cluster is built with Go 1.26 or newer: put its \`go\` on the PATH (https://go.dev/dl)"

kubernetes=$(awk '$1 == "require" && $2 == "k8s.io/kubernetes" { print $3 } $1 == "k8s.io/kubernetes" && $2 ~ /^v/ { print $2 }' "$kit/k8s/go.mod" | head -1)
[[ $kubernetes =~ ^v([0-9]+)\.([0-9]+)\.[0-9]+ ]] || die "no version of k8s.io/kubernetes in k8s/go.mod"
major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}

# Without these, /version says v0.0.0-master, and clients and charts that look at it go wrong.
kubernetes_flags="-s -w"
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
	kubernetes_flags+=" -X $package.gitVersion=$kubernetes -X $package.gitMajor=$major -X $package.gitMinor=$minor"
	kubernetes_flags+=" -X $package.gitTreeState=clean -X $package.buildDate=2026-01-01T00:00:00Z"
done
# Without these, `helm template` and `helm lint` assume Kubernetes 1.20.
helm_flags="-s -w -X helm.sh/helm/v3/internal/version.version=$(awk '$1 == "helm.sh/helm/v3" { print $2; exit }' "$kit/tools/go.mod")"
for package in helm.sh/helm/v3/pkg/chartutil helm.sh/helm/v3/pkg/lint/rules; do
	helm_flags+=" -X $package.k8sVersionMajor=$major -X $package.k8sVersionMinor=$minor"
done

# key_of MODULE FLAGS FILE...: a hash of all that decides what a module's programs are.
key_of() {
	local module=$1 flags=$2
	shift 2
	{
		go env GOVERSION GOARCH
		printf '%s\n' "$module" "$flags" "$GOFLAGS"
		cd "$kit" && cat "$@"
	} | sha256sum | cut -c1-16
}
declare -A part=(
	[etcd]=$(key_of etcd "-s -w" etcd/go.mod etcd/go.sum)
	[k8s]=$(key_of k8s "$kubernetes_flags" k8s/go.mod k8s/go.sum)
	[tools]=$(key_of tools "$helm_flags" tools/go.mod tools/go.sum)
	[images]=$(key_of images "-s -w" images/go.mod images/cmd/pause/main.go images/cmd/hello/main.go image.py)
)
key=$(printf '%s\n' "${part[etcd]}" "${part[k8s]}" "${part[tools]}" "${part[images]}" | sha256sum | cut -c1-16)
root=${CHANGEOVER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/changeover}/cluster
cache=$root/$key
bin=$cache/bin

# lock: wait for another build, once there is something to build.
locked=
lock() {
	[[ -z $locked ]] || return 0
	locked=yes
	exec 9>"$root/lock"
	flock --nonblock 9 || say "another build runs; waiting for it"
	flock --wait 3600 9 || die "another build has held $root/lock for an hour"
}

# build MODULE LDFLAGS TAGS NAME=PACKAGE...: one `go build` for each program that is not there yet.
# A program lies under its module's key and is linked into bin, so that a change of one module leaves the others.
build() {
	local module=$1 flags=$2 tags=$3 pair name store
	store=$root/parts/$module-${part[$module]}
	mkdir -p "$store"
	touch "$store"
	shift 3
	for pair in "$@"; do
		name=${pair%%=*}
		[[ -x $bin/$name ]] && continue
		lock
		[[ -x $store/$name ]] || one "$module" "$flags" "$tags" "$name" "${pair#*=}" "$store"
		ln -f "$store/$name" "$bin/$name"
	done
}

one() {
	local module=$1 flags=$2 tags=$3 name=$4 package=$5 store=$6
	local log=$store/$name.log started=$SECONDS pid tick=0
	say "$name ..."
	go build -C "$kit/$module" -v -tags="$tags" -ldflags "$flags" -o "$store/$name.new" "$package" >"$log" 2>&1 9>&- &
	pid=$!
	trap 'kill "$pid" 2>/dev/null || true' EXIT
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		if (( ++tick % 30 == 0 )); then
			say "$name ... $((SECONDS - started)) s, $(wc -l <"$log") packages: $(tail -1 "$log")"
		fi
	done
	trap - EXIT
	if ! wait "$pid"; then
		tail -20 "$log" >&2
		die "$name did not build; the whole log is $log"
	fi
	mv "$store/$name.new" "$store/$name"
	say "$name built in $((SECONDS - started)) s, $(du -m "$store/$name" | cut -f1) MB"
}

images() {
	local name
	for name in pause hello; do
		[[ -s $cache/images/$name.tar ]] && continue
		lock
		python3 "$kit/image.py" --output "$cache/images/$name.new" --name "localhost/$name:1" --architecture "$(go env GOARCH)" --file "$bin/$name:/$name" -- "/$name"
		mv "$cache/images/$name.new" "$cache/images/$name.tar"
		say "image localhost/$name:1 written"
	done
}

# prune: forget what no build has asked for in four weeks.
prune() {
	find "$root" "$root/parts" -mindepth 1 -maxdepth 1 -type d ! -name parts -mtime +28 -exec rm -rf {} +
}

level_a() {
	build etcd "-s -w" "" etcd=go.etcd.io/etcd/server/v3 etcdctl=go.etcd.io/etcd/etcdctl/v3
	build k8s "$kubernetes_flags" grpcnotrace kube-apiserver=k8s.io/kubernetes/cmd/kube-apiserver kubectl=k8s.io/kubernetes/cmd/kubectl
}
level_c() {
	build k8s "$kubernetes_flags" grpcnotrace \
		kube-controller-manager=k8s.io/kubernetes/cmd/kube-controller-manager \
		kube-scheduler=k8s.io/kubernetes/cmd/kube-scheduler \
		kubelet=k8s.io/kubernetes/cmd/kubelet \
		kube-proxy=k8s.io/kubernetes/cmd/kube-proxy
	build tools "-s -w" "" coredns=github.com/coredns/coredns
	build images "-s -w" "" pause=./cmd/pause hello=./cmd/hello
	images
}
extras() {
	build tools "$helm_flags" "" helm=helm.sh/helm/v3/cmd/helm
}

wanted=${1:-all}
case $wanted in
--bin-dir) echo "$bin"; exit ;;
a | c | all) ;;
*) die "usage: build.sh [a|c|all|--bin-dir]" ;;
esac

mkdir -p "$bin" "$cache/images"
touch "$cache"
level_a
[[ $wanted == a ]] || level_c
[[ $wanted != all ]] || extras
[[ -z $locked ]] || prune
echo "$bin"
