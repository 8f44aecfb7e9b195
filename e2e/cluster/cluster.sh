#!/usr/bin/env bash
# Starts and stops a throw-away Kubernetes.
#
#   cluster up a|c           start level a or c and print the path of the kubeconfig; running already: do nothing
#   cluster down             stop everything and remove the state
#   cluster status           what runs
#   cluster kubeconfig       path of the administrator's kubeconfig
#   cluster env              shell lines that set KUBECONFIG and PATH
#   cluster kubectl ARG...   kubectl as administrator
#   cluster logs [NAME]      a component's log
#   cluster signal NAME SIG  send STOP, CONT, TERM or KILL to a component
#   cluster restart NAME     stop a component and start it again with the same command line
# level c only:
#   cluster load-image TAR...  import image tars into the node
#   cluster enter COMMAND...   run a command inside the node's network and mount namespaces
#   cluster forward ADDR:PORT  print a port on 127.0.0.1 that leads to this address inside
#   cluster reverse PORT       let pods reach 127.0.0.1:PORT of this machine at 10.250.0.2:PORT
#   cluster ctr ARG...         containerd's client
#
# Level a is etcd and kube-apiserver on free ports of 127.0.0.1; it needs no root, and any number can run side by
# side. Level c is a whole node in namespaces of its own, and needs root.
#
# CLUSTER_STATE          state folder (default ${TMPDIR:-/tmp}/changeover-cluster-UID); one folder is one cluster
# CLUSTER_APISERVER_ARGS more flags for kube-apiserver, split at spaces
set -euo pipefail

kit=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=${CLUSTER_STATE:-${TMPDIR:-/tmp}/changeover-cluster-$(id -u)}
node_ip=10.250.0.2
api_ip=10.96.0.1
services=10.96.0.0/16
pods=10.244.0.0/16
pods_node=10.244.0.0/24

say() { printf '%s\n' "cluster: $*" >&2; }
die() { say "$*"; exit 1; }

# ---------------------------------------------------------------- processes

# stat_of PID: "state parent ... starttime" of a process, the fields after its name.
stat_of() {
	local text
	text=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	printf '%s' "${text##*) }"
}

# start_time PID: when it started, in clock ticks after boot. Tells a process from a later one with its id.
start_time() {
	local -a field
	read -ra field < <(stat_of "$1") || true
	[[ ${#field[@]} -gt 19 ]] || return 1
	printf '%s' "${field[19]}"
}

# alive PID STARTED
alive() {
	local -a field
	read -ra field < <(stat_of "$1") || true
	[[ ${#field[@]} -gt 19 && ${field[0]} != Z && ${field[19]} == "$2" ]]
}

record() { printf '%s %s\n' "$2" "$(start_time "$2")" >"$state/pids/$1"; }

running() {
	local pid started
	[[ -s $state/pids/$1 ]] || return 1
	read -r pid started <"$state/pids/$1"
	alive "$pid" "$started"
}

pid_of() { cut -d' ' -f1 "$state/pids/$1"; }

# define NAME COMMAND...: keep a component's command line, so that it can be started again.
define() {
	local name=$1
	shift
	printf 'exec %s\n' "$(printf '%q ' "$@")" >"$state/run/$name"
}

# start NAME: run what was defined, detached from this shell, and record its id.
start() {
	local name=$1
	running "$name" && return
	setsid bash "$state/run/$name" >>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
	record "$name" $!
}

# child_of PID: its first child, if any. The file has no newline at its end.
child_of() { tr ' ' '\n' <"/proc/$1/task/$1/children" 2>/dev/null | head -1; }

# start_inside NAME: the same, inside the node. nsenter forks there, and its child is the component.
start_inside() {
	local name=$1 outer child tries holder
	running "$name" && return
	# Before the fork, or the substitution's own process would be taken for the component.
	holder=$(pid_of node)
	setsid nsenter --target "$holder" --net --mount --pid -- bash "$state/run/$name" \
		>>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
	outer=$!
	for ((tries = 0; tries < 100; tries++)); do
		child=$(child_of "$outer")
		[[ -n $child ]] && break
		sleep 0.05
	done
	[[ -n $child ]] || die "$name did not start, see $state/log/$name.log"
	record "$name" "$child"
}

begin() {
	if [[ $(level_of) == c && $1 != forward-* && $1 != reverse-out-* ]]; then start_inside "$1"; else start "$1"; fi
}

# end NAME SIGNAL: send a signal to a recorded process if it is still the same one.
end() {
	local pid started
	[[ -s $state/pids/$1 ]] || return 0
	read -r pid started <"$state/pids/$1"
	if alive "$pid" "$started"; then kill "-$2" "$pid" 2>/dev/null || true; fi
}

# gone NAME SECONDS: wait until a recorded process has ended.
gone() {
	local limit=$((SECONDS + $2))
	while running "$1"; do
		((SECONDS < limit)) || return 1
		sleep 0.05
	done
}

# until_true SECONDS WHAT COMMAND...: repeat a command until it succeeds; give up with the log of WHAT.
until_true() {
	local limit=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= limit)) || ! running "$what"; then
			say "$what is not ready; the end of its log:"
			tail -15 "$state/log/$what.log" >&2 || true
			return 1
		fi
		sleep 0.1
	done
}

# free_port: one below the range that the kernel hands out to outgoing connections.
free_port() {
	local port tries
	for ((tries = 0; tries < 200; tries++)); do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		[[ -z $(ss -Hltn "sport = :$port") ]] && { echo "$port"; return; }
	done
	die "no free port"
}

level_of() { cat "$state/level" 2>/dev/null || true; }

# ---------------------------------------------------------------- certificates

authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 30 -subj "/CN=$1" \
		-keyout "$state/pki/$1.key" -out "$state/pki/$1.crt" \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}

# leaf NAME AUTHORITY SUBJECT USAGE [ALTERNATIVE-NAMES] [KEY-TYPE]
leaf() {
	local name=$1 authority=$2 subject=$3 usage=$4 names=${5:-} type=${6:-ec}
	local kind=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1)
	[[ $type == rsa ]] && kind=(-newkey rsa:2048)
	openssl req -new "${kind[@]}" -noenc -subj "$subject" -keyout "$state/pki/$name.key" -out "$state/pki/$name.csr" 2>/dev/null
	{
		echo "basicConstraints=critical,CA:FALSE"
		echo "keyUsage=critical,digitalSignature,keyEncipherment"
		echo "extendedKeyUsage=$usage"
		[[ -z $names ]] || echo "subjectAltName=$names"
	} >"$state/pki/$name.ext"
	openssl x509 -req -in "$state/pki/$name.csr" -CA "$state/pki/$authority.crt" -CAkey "$state/pki/$authority.key" \
		-set_serial "0x$(openssl rand -hex 8)" -days 30 -extfile "$state/pki/$name.ext" -out "$state/pki/$name.crt" 2>/dev/null
	rm "$state/pki/$name.csr" "$state/pki/$name.ext"
}

certificates() {
	authority ca
	authority front-proxy-ca
	leaf apiserver ca /CN=kube-apiserver serverAuth \
		"DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:$api_ip,IP:$node_ip"
	leaf front-proxy-client front-proxy-ca /CN=front-proxy-client clientAuth
	# RSA, since some Java clients take an unmarked PKCS#8 key for RSA.
	leaf admin ca /O=system:masters/CN=admin clientAuth "" rsa
	leaf controller-manager ca /CN=system:kube-controller-manager clientAuth
	leaf scheduler ca /CN=system:kube-scheduler clientAuth
	leaf kube-proxy ca /CN=system:kube-proxy clientAuth
	leaf coredns ca /CN=system:coredns clientAuth
	leaf apiserver-kubelet-client ca /CN=apiserver-kubelet-client clientAuth
	leaf kubelet ca /O=system:nodes/CN=system:node:node1 clientAuth
	leaf kubelet-server ca /CN=node1 serverAuth "DNS:node1,IP:$node_ip"
	openssl genrsa -out "$state/pki/sa.key" 2048 2>/dev/null
	openssl rsa -in "$state/pki/sa.key" -pubout -out "$state/pki/sa.pub" 2>/dev/null
	chmod 600 "$state"/pki/*.key
}

# write_kubeconfig FILE IDENTITY SERVER: with the certificates inside, so that the file alone is enough.
write_kubeconfig() {
	local ca cert key
	ca=$(base64 -w0 "$state/pki/ca.crt")
	cert=$(base64 -w0 "$state/pki/$2.crt")
	key=$(base64 -w0 "$state/pki/$2.key")
	(umask 077 && cat >"$1") <<-EOF
		apiVersion: v1
		kind: Config
		current-context: changeover
		clusters:
		- name: changeover
		  cluster: {server: "$3", certificate-authority-data: $ca}
		users:
		- name: $2
		  user: {client-certificate-data: $cert, client-key-data: $key}
		contexts:
		- name: changeover
		  context: {cluster: changeover, user: $2}
	EOF
}

# ---------------------------------------------------------------- control plane

# define_control_plane HOST API-PORT ETCD-PORT
define_control_plane() {
	local host=$1 api_port=$2 etcd_port=$3 pki=$state/pki level
	local -a extra network
	level=$(level_of)
	read -ra extra <<<"${CLUSTER_APISERVER_ARGS:-}"
	define etcd "$bin/etcd" --name=default --data-dir="$state/etcd" --log-level=warn \
		--listen-client-urls="http://127.0.0.1:$etcd_port" --advertise-client-urls="http://127.0.0.1:$etcd_port" \
		--listen-peer-urls=http://127.0.0.1:0 --unsafe-no-fsync

	if [[ $level == c ]]; then
		network=(--kubelet-certificate-authority="$pki/ca.crt"
			--kubelet-client-certificate="$pki/apiserver-kubelet-client.crt"
			--kubelet-client-key="$pki/apiserver-kubelet-client.key"
			--kubelet-preferred-address-types=InternalIP)
	else
		# A loopback address may not be an endpoint, so the service "kubernetes" has none.
		network=(--endpoint-reconciler-type=none)
	fi
	define kube-apiserver "$bin/kube-apiserver" \
		--etcd-servers="http://127.0.0.1:$etcd_port" \
		--bind-address="$host" --advertise-address="$host" --secure-port="$api_port" "${network[@]}" \
		--service-cluster-ip-range="$services" --service-node-port-range=30000-30100 \
		--tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
		--authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
		--service-account-issuer=https://kubernetes.default.svc.cluster.local \
		--service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
		--requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
		--requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
		--requestheader-extra-headers-prefix=X-Remote-Extra- \
		--proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key" \
		--encryption-provider-config="$state/config/encryption.yaml" \
		--audit-policy-file="$state/config/audit.yaml" --audit-log-path="$state/log/audit.log" \
		--profiling=false --allow-privileged=true "${extra[@]}"
	define kube-controller-manager "$bin/kube-controller-manager" \
		--kubeconfig="$state/config/controller-manager.kubeconfig" \
		--authentication-kubeconfig="$state/config/controller-manager.kubeconfig" \
		--authorization-kubeconfig="$state/config/controller-manager.kubeconfig" \
		--bind-address=127.0.0.1 --secure-port=0 --leader-elect=false --use-service-account-credentials=true \
		--root-ca-file="$pki/ca.crt" --service-account-private-key-file="$pki/sa.key" \
		--cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" \
		--node-monitor-grace-period=20s

	cat >"$state/config/encryption.yaml" <<-EOF
		apiVersion: apiserver.config.k8s.io/v1
		kind: EncryptionConfiguration
		resources:
		- resources: [secrets]
		  providers:
		  - secretbox: {keys: [{name: key1, secret: "$(openssl rand -base64 32)"}]}
		  - identity: {}
	EOF
	cat >"$state/config/audit.yaml" <<-EOF
		apiVersion: audit.k8s.io/v1
		kind: Policy
		omitStages: [RequestReceived]
		rules:
		- level: None
		  nonResourceURLs: [/readyz*, /livez*, /healthz*]
		- level: Metadata
	EOF
	chmod 600 "$state"/config/*.yaml
}

kube() { "$bin/kubectl" --kubeconfig="$state/kubeconfig" "$@"; }
api_ready() { [[ $(kube get --raw=/readyz --request-timeout=3s) == ok ]]; }
default_account_exists() { kube get serviceaccount default --namespace=default; }

control_plane_loopback() {
	local tries api_port
	for tries in 1 2 3; do
		api_port=$(free_port)
		define_control_plane 127.0.0.1 "$api_port" "$(free_port)"
		write_kubeconfig "$state/kubeconfig" admin "https://127.0.0.1:$api_port"
		start etcd
		start kube-apiserver
		until_true 90 kube-apiserver api_ready && return
		grep -qs 'address already in use' "$state"/log/{etcd,kube-apiserver}.log || break
		say "another process took a port first, trying others"
		end kube-apiserver KILL
		end etcd KILL
		gone kube-apiserver 10 && gone etcd 10
		rm -rf "$state/etcd" "$state"/log/*
	done
	return 1
}

controllers() {
	begin kube-controller-manager
	until_true 90 kube-controller-manager default_account_exists
}

# ---------------------------------------------------------------- node

cgroup_name() { printf 'changeover-%s' "$(printf '%s' "$state" | cksum | cut -d' ' -f1)"; }

cgroup_create() {
	local folder own file
	for folder in /sys/fs/cgroup/*/; do
		[[ -L ${folder%/} || ! -e $folder/cgroup.procs || -e $folder/cgroup.controllers ]] && continue
		own=$folder$(cgroup_name)
		mkdir -p "$own"
		for file in cpuset.cpus cpuset.mems; do
			[[ -e $own/$file ]] && cat "$folder/$file" >"$own/$file"
		done
	done
	return 0
}

cgroup_remove() {
	local folder tries
	for folder in /sys/fs/cgroup/*/"$(cgroup_name)"; do
		[[ -d $folder ]] || continue
		for ((tries = 0; tries < 40; tries++)); do
			find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
			[[ -d $folder ]] || break
			sleep 0.1
		done
		[[ ! -d $folder ]] || say "cgroup $folder is still in use"
	done
	return 0
}

# node_namespaces: one process that holds the node's namespaces. When it is killed, the kernel kills everything
# inside (containerd's shims and the pods too), and with the last of them the mounts and the network go.
node_namespaces() {
	local outer child tries
	define node-holder unshare --fork --pid --kill-child --mount --net --ipc --uts --mount-proc --propagation private "$bin/pause"
	start node-holder
	outer=$(pid_of node-holder)
	for ((tries = 0; tries < 100; tries++)); do
		child=$(child_of "$outer")
		[[ -n $child && $(readlink "/proc/$child/exe") == "$bin/pause" ]] && break
		child=
		sleep 0.05
	done
	[[ -n $child ]] || { tail -5 "$state/log/node-holder.log" >&2; die "the node's namespaces could not be made"; }
	record node "$child"

	cat >"$state/run/node-setup" <<-EOF
		set -euo pipefail
		# Standard paths inside, the state folder behind them.
		mkdir -p $state/node/{log,lib,lib-work,containerd,kubelet}
		mount -t overlay overlay -o lowerdir=/var/lib,upperdir=$state/node/lib,workdir=$state/node/lib-work /var/lib
		mkdir -p /var/lib/containerd /var/lib/kubelet
		mount --bind $state/node/containerd /var/lib/containerd
		mount --bind $state/node/kubelet /var/lib/kubelet
		mount --bind $state/node/log /var/log
		mount -t tmpfs -o mode=755 tmpfs /run
		mkdir -p /run/lock
		mount --bind $state/config/resolv.conf /etc/resolv.conf
		mount --make-rshared /
		hostname node1
		ip link set lo up
		ip link add node0 type bridge
		ip address add $node_ip/24 dev node0
		ip link set node0 up
		ip route add $services dev node0
		echo 1 >/proc/sys/net/ipv4/ip_forward
	EOF
	printf 'nameserver %s\nsearch svc.cluster.local cluster.local\noptions ndots:5\n' "$node_ip" >"$state/config/resolv.conf"
	nsenter --target "$child" --net --mount --pid --uts -- bash "$state/run/node-setup" >>"$state/log/node-holder.log" 2>&1 9>&- ||
		{ tail -5 "$state/log/node-holder.log" >&2; die "the node's namespaces could not be set up"; }
}

define_node() {
	local pki=$state/pki config=$state/config name
	for name in controller-manager scheduler kubelet kube-proxy coredns; do
		write_kubeconfig "$config/$name.kubeconfig" "$name" "https://$node_ip:6443"
	done

	mkdir -p "$config/cni"
	cat >"$config/cni/10-bridge.conflist" <<-EOF
		{
		  "cniVersion": "1.0.0",
		  "name": "changeover",
		  "plugins": [
		    {
		      "type": "bridge", "bridge": "cni0", "isGateway": true, "isDefaultGateway": true, "ipMasq": false, "hairpinMode": true,
		      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$pods_node"}]]}
		    },
		    {"type": "portmap", "capabilities": {"portMappings": true}}
		  ]
		}
	EOF
	# restrict_oom_score_adj: without CAP_SYS_RESOURCE a sandbox may not ask for -998, and runc's error names a pipe instead.
	cat >"$config/containerd.toml" <<-EOF
		version = 2
		root = "/var/lib/containerd"
		state = "/run/containerd"
		disabled_plugins = [
		  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
		  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
		  "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp",
		]
		[grpc]
		  address = "/run/containerd/containerd.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "localhost/pause:1"
		  restrict_oom_score_adj = true
		  disable_apparmor = true
		  disable_hugetlb_controller = true
		  tolerate_missing_hugetlb_controller = true
		  stream_server_address = "127.0.0.1"
		  [plugins."io.containerd.grpc.v1.cri".cni]
		    bin_dir = "/usr/lib/cni"
		    conf_dir = "$config/cni"
		  [plugins."io.containerd.grpc.v1.cri".containerd]
		    snapshotter = "overlayfs"
		    default_runtime_name = "runc"
		    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		      runtime_type = "io.containerd.runc.v2"
		      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
		        SystemdCgroup = false
	EOF
	cat >"$config/kubelet.yaml" <<-EOF
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		address: $node_ip
		authentication:
		  anonymous: {enabled: false}
		  webhook: {enabled: true}
		  x509: {clientCAFile: $pki/ca.crt}
		authorization: {mode: Webhook}
		tlsCertFile: $pki/kubelet-server.crt
		tlsPrivateKeyFile: $pki/kubelet-server.key
		containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
		cgroupDriver: cgroupfs
		cgroupRoot: /$(cgroup_name)
		cgroupsPerQOS: true
		enforceNodeAllocatable: [pods]
		failCgroupV1: false
		failSwapOn: false
		maxOpenFiles: 20000
		oomScoreAdj: 0
		makeIPTablesUtilChains: false
		clusterDNS: [$node_ip]
		clusterDomain: cluster.local
		resolvConf: ""
		readOnlyPort: 0
		healthzBindAddress: 127.0.0.1
		seccompDefault: true
		podPidsLimit: 1024
		maxPods: 40
		serializeImagePulls: false
		imageGCHighThresholdPercent: 100
		evictionHard: {memory.available: 200Mi, nodefs.available: "1%", imagefs.available: "1%"}
		nodeStatusUpdateFrequency: 5s
		syncFrequency: 10s
		configMapAndSecretChangeDetectionStrategy: Watch
	EOF
	# conntrack: nf_conntrack_max is read-only in a network namespace, and a failed write ends kube-proxy.
	cat >"$config/kube-proxy.yaml" <<-EOF
		apiVersion: kubeproxy.config.k8s.io/v1alpha1
		kind: KubeProxyConfiguration
		mode: nftables
		clusterCIDR: $pods
		hostnameOverride: node1
		clientConnection: {kubeconfig: $config/kube-proxy.kubeconfig}
		conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
		oomScoreAdj: 0
		healthzBindAddress: 127.0.0.1:10256
		metricsBindAddress: 127.0.0.1:10249
		nodePortAddresses: [primary]
	EOF
	cat >"$config/Corefile" <<-EOF
		cluster.local:53 10.in-addr.arpa:53 {
		  bind $node_ip
		  errors
		  ready 127.0.0.1:8181
		  kubernetes cluster.local 10.in-addr.arpa {
		    kubeconfig $config/coredns.kubeconfig changeover
		    ttl 5
		  }
		  cache 5
		}
		# Nothing outside the cluster exists; a refusal instead would make clients give up on the search list.
		.:53 {
		  bind $node_ip
		  template ANY ANY {
		    rcode NXDOMAIN
		  }
		}
	EOF
	cat >"$config/node-rbac.yaml" <<-EOF
		apiVersion: rbac.authorization.k8s.io/v1
		kind: ClusterRoleBinding
		metadata: {name: changeover-apiserver-kubelet}
		roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:kubelet-api-admin}
		subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: apiserver-kubelet-client}]
		---
		apiVersion: rbac.authorization.k8s.io/v1
		kind: ClusterRole
		metadata: {name: changeover-coredns}
		rules:
		- {apiGroups: [""], resources: [services, pods, namespaces], verbs: [list, watch]}
		- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}
		---
		apiVersion: rbac.authorization.k8s.io/v1
		kind: ClusterRoleBinding
		metadata: {name: changeover-coredns}
		roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: changeover-coredns}
		subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: system:coredns}]
	EOF

	define containerd containerd --config "$config/containerd.toml"
	define kube-scheduler "$bin/kube-scheduler" --kubeconfig="$config/scheduler.kubeconfig" \
		--authentication-kubeconfig="$config/scheduler.kubeconfig" --authorization-kubeconfig="$config/scheduler.kubeconfig" \
		--bind-address=127.0.0.1 --leader-elect=false
	define kubelet "$bin/kubelet" --config="$config/kubelet.yaml" --kubeconfig="$config/kubelet.kubeconfig" \
		--hostname-override=node1 --node-ip="$node_ip" --root-dir=/var/lib/kubelet --cert-dir=/var/lib/kubelet/pki
	define kube-proxy "$bin/kube-proxy" --config="$config/kube-proxy.yaml"
	define coredns "$bin/coredns" -conf "$config/Corefile"
}

inside() { nsenter --target "$(pid_of node)" --net --mount --pid --uts -- "$@"; }
containerd_client() { inside ctr --namespace k8s.io "$@"; }
node_ready() { [[ $(kube get node node1 -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]; }
dns_ready() { inside bash -c 'exec 3<>/dev/tcp/127.0.0.1/8181 && printf "GET /ready HTTP/1.0\r\n\r\n" >&3 && head -1 <&3 | grep -q " 200 "'; }
proxy_ready() { inside nft list table ip kube-proxy; }

load_image() {
	local tar
	for tar in "$@"; do
		[[ -r $tar ]] || die "no such image tar: $tar"
		containerd_client images import - <"$tar" | sed 's/^/cluster: /' >&2
	done
}

# forward ADDRESS:PORT: 127.0.0.1 outside, a unix socket between (these cross network namespaces), the address inside.
forward() {
	local port name
	port=$(free_port)
	name=$(printf '%s' "$1" | tr ':.' '--')
	if ! running "forward-$name"; then
		define "forward-in-$name" socat "UNIX-LISTEN:$state/sockets/f-$name,fork,unlink-early" "TCP:$1"
		define "forward-$name" socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$state/sockets/f-$name"
		start_inside "forward-in-$name"
		start "forward-$name"
		echo "$port" >"$state/sockets/f-$name.port"
	fi
	cat "$state/sockets/f-$name.port"
}

reverse() {
	define "reverse-out-$1" socat "UNIX-LISTEN:$state/sockets/r-$1,fork,unlink-early" "TCP:127.0.0.1:$1"
	define "reverse-in-$1" socat "TCP-LISTEN:$1,bind=$node_ip,fork,reuseaddr" "UNIX-CONNECT:$state/sockets/r-$1"
	start "reverse-out-$1"
	start_inside "reverse-in-$1"
	echo "$node_ip:$1"
}

control_plane_node() {
	local port
	define_node
	node_namespaces
	define_control_plane "$node_ip" 6443 2379
	begin etcd
	begin kube-apiserver
	begin containerd
	port=$(forward "$node_ip:6443")
	write_kubeconfig "$state/kubeconfig" admin "https://127.0.0.1:$port"
	write_kubeconfig "$state/config/inside.kubeconfig" admin "https://$node_ip:6443"
	until_true 90 kube-apiserver api_ready
}

node() {
	local images
	images=$(dirname "$bin")/images
	until_true 30 containerd inside test -S /run/containerd/containerd.sock
	load_image "$images"/pause.tar "$images"/hello.tar
	kube apply -f "$state/config/node-rbac.yaml" >/dev/null
	begin kube-scheduler
	begin kubelet
	begin kube-proxy
	begin coredns
	until_true 60 coredns dns_ready
	until_true 60 kube-proxy proxy_ready
	until_true 90 kubelet node_ready
}

# ---------------------------------------------------------------- commands

marker() { [[ -f $state/.changeover-cluster ]]; }

wipe() {
	local file name pid started
	[[ -e $state ]] || return 0
	marker || die "$state is not a state folder of this kit; refusing to remove it"
	# The node first: its end is the end of everything in it.
	for name in node node-holder; do end "$name" KILL; done
	for file in "$state"/pids/*; do
		[[ -e $file ]] || continue
		end "$(basename "$file")" KILL
	done
	for file in "$state"/pids/*; do
		[[ -e $file ]] || continue
		name=$(basename "$file")
		gone "$name" 15 || { read -r pid started <"$file"; die "$name (process $pid) does not end"; }
	done
	[[ $(level_of) != c ]] || cgroup_remove
	rm -rf "$state"
}

healthy() {
	local name
	for name in etcd kube-apiserver; do running "$name" || return 1; done
	if [[ $1 == c ]]; then
		for name in node containerd kube-controller-manager kube-scheduler kubelet kube-proxy coredns; do running "$name" || return 1; done
	fi
	api_ready
}

up() {
	local level=$1 now started=$SECONDS
	if marker; then
		now=$(level_of)
		if [[ -n $now && -f $state/ready ]] && healthy "$now"; then
			if [[ $now == "$level" ]]; then
				say "level $level is up already"
				echo "$state/kubeconfig"
				return
			fi
			die "level $now runs here; run \`./changeover cluster down\` first, or set CLUSTER_STATE to another folder"
		fi
		say "cleaning up what an earlier run left"
	elif [[ -e $state && -n $(ls -A "$state" 2>/dev/null) ]]; then
		die "$state exists and is not a state folder of this kit"
	fi
	wipe_marked
	mkdir -p "$state"/{pids,log,run,config,pki,sockets}
	chmod 700 "$state"
	: >"$state/.changeover-cluster"
	echo "$level" >"$state/level"
	certificates
	trap 'fail_up' EXIT
	if [[ $level == c ]]; then
		cgroup_create
		control_plane_node
		controllers
		node
	else
		control_plane_loopback
	fi
	trap - EXIT
	: >"$state/ready"
	say "level $level is up after $((SECONDS - started)) s"
	echo "$state/kubeconfig"
}

wipe_marked() { if marker; then wipe; fi; }

fail_up() {
	local file
	for file in "$state"/pids/*; do [[ ! -e $file ]] || end "$(basename "$file")" KILL; done
	say "level $(level_of) did not start; its state and logs are kept in $state until the next \`./changeover cluster down\` or \`up\`"
}

need() {
	local tool
	for tool in "$@"; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || die "$tool is missing; install what e2e/cluster/README.md names"
	done
}

check_level() {
	case $1 in
	a) need openssl ss setsid flock ;;
	c)
		need openssl ss setsid flock nsenter unshare ip nft socat containerd ctr runc
		[[ -x /usr/lib/cni/bridge ]] || die "the CNI plugins are missing; install what e2e/cluster/README.md names"
		[[ $(id -u) == 0 ]] || die "level c needs root"
		[[ $state != /run/* && $state != /var/lib/* && $state != /var/log/* ]] || die "level c hides $state from its own node; choose another CLUSTER_STATE"
		;;
	*) die "usage: ./changeover cluster up a|c" ;;
	esac
	[[ $state == /* && $state != *[[:space:]]* ]] || die "CLUSTER_STATE must be an absolute path without spaces"
	((${#state} <= 70)) || die "CLUSTER_STATE is longer than 70 characters: the path of a unix socket in it would not fit"
}

need_level_c() { [[ $(level_of) == c ]] && running node || die "no level c cluster runs here"; }

locked() {
	mkdir -p "$(dirname "$state")"
	while true; do
		exec 9>"$state.lock"
		flock --wait 300 9 || die "another command has held $state.lock for 5 minutes"
		# `down` removes the file; whoever waited for the removed one takes the new one.
		[[ $state.lock -ef /dev/fd/9 ]] && return
	done
}

PATH=$PATH:/usr/sbin:/sbin
command=${1:-}
[[ $# -eq 0 ]] || shift
case $command in
up)
	check_level "${1:-}"
	bin=$("$kit/build.sh" "$1")
	locked
	up "$1"
	;;
down)
	locked
	wipe
	rm -f "$state.lock"
	;;
"" | -h | --help | help)
	sed -n '2,/^set -/p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \{0,1\}//'
	;;
*)
	marker || die "no cluster here; run \`./changeover cluster up a\` first"
	bin=$("$kit/build.sh" --bin-dir)
	case $command in
	status)
		echo "level $(level_of), state in $state"
		for file in "$state"/pids/*; do
			name=$(basename "$file")
			if running "$name"; then echo "$name runs as process $(pid_of "$name")"; else echo "$name has ended"; fi
		done
		;;
	kubeconfig) echo "$state/kubeconfig" ;;
	env) printf 'export KUBECONFIG=%q PATH=%q:$PATH\n' "$state/kubeconfig" "$bin" ;;
	kubectl) exec "$bin/kubectl" --kubeconfig="$state/kubeconfig" "$@" ;;
	logs) if [[ $# -gt 0 ]]; then cat "$state/log/$1.log"; else ls "$state/log"; fi ;;
	signal)
		running "${1:-}" || die "${1:-} does not run"
		end "$1" "${2:?a signal}"
		;;
	restart)
		[[ -f $state/run/${1:-} ]] || die "no such component: ${1:-}"
		locked
		end "$1" CONT
		end "$1" TERM
		gone "$1" 20 || { end "$1" KILL; gone "$1" 5; }
		begin "$1"
		;;
	load-image) need_level_c; load_image "$@" ;;
	enter) need_level_c; exec nsenter --target "$(pid_of node)" --net --mount --uts -- env KUBECONFIG="$state/config/inside.kubeconfig" PATH="$bin:$PATH" bash -c 'cd "$1" 2>/dev/null || cd /; shift; exec "$@"' enter "$PWD" "$@" ;;
	forward) need_level_c; locked; forward "${1:?an address and a port}" ;;
	reverse) need_level_c; locked; reverse "${1:?a port}" ;;
	ctr) need_level_c; containerd_client "$@" ;;
	*) die "no such command: $command; see \`./changeover cluster help\`" ;;
	esac
	;;
esac
