//! Which operations reach a pair of nodes, in which direction: one pass over the whole graph.

/// A pair of nodes that is compared once.
pub(crate) type NodeId = usize;

/// Whether callers send something or receive it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    pub(crate) fn reversed(self) -> Self {
        match self {
            Self::Request => Self::Response,
            Self::Response => Self::Request,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// An operation's way into the graph.
struct Root {
    node: NodeId,
    operation: usize,
    direction: Direction,
}

/// Pairs of nodes and which leads to which, while they are found.
#[derive(Default)]
pub(crate) struct Graph {
    nodes: usize,
    edges: Vec<(NodeId, NodeId)>,
    roots: Vec<Root>,
}

/// The same when all are found: the edges of each node in a row.
pub(crate) struct Network<'g> {
    starts: Vec<usize>,
    targets: Vec<NodeId>,
    roots: &'g [Root],
}

impl Graph {
    pub(crate) fn add_node(&mut self) -> NodeId {
        self.nodes += 1;
        self.nodes - 1
    }

    pub(crate) fn add_edge(&mut self, from: NodeId, to: NodeId) {
        self.edges.push((from, to));
    }

    pub(crate) fn add_root(&mut self, node: NodeId, operation: usize, direction: Direction) {
        self.roots.push(Root {
            node,
            operation,
            direction,
        });
    }

    pub(crate) fn network(&self) -> Network<'_> {
        let mut starts = vec![0; self.nodes + 1];
        for (from, _) in &self.edges {
            if let Some(count) = starts.get_mut(from + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut targets = vec![0; self.edges.len()];
        for (from, to) in &self.edges {
            if let Some(slot) = next.get_mut(*from) {
                put(&mut targets, *slot, *to);
                *slot += 1;
            }
        }
        Network {
            starts,
            targets,
            roots: &self.roots,
        }
    }
}

impl Network<'_> {
    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn edges(&self, node: NodeId) -> &[NodeId] {
        let range = at(&self.starts, node)..at(&self.starts, node + 1);
        self.targets.get(range).unwrap_or_default()
    }

    pub(crate) fn root_nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.roots.iter().map(|root| root.node)
    }

    /// Nodes that no edge leads to.
    pub(crate) fn sources(&self) -> impl Iterator<Item = NodeId> {
        let mut entered = vec![false; self.len()];
        for target in &self.targets {
            if let Some(flag) = entered.get_mut(*target) {
                *flag = true;
            }
        }
        let entered = entered.into_iter().enumerate();
        entered
            .filter(|(_, entered)| !entered)
            .map(|(node, _)| node)
    }

    /// Nodes in reach of `starts`, not going through the nodes that `wall` names.
    pub(crate) fn reachable(
        &self,
        starts: impl IntoIterator<Item = NodeId>,
        wall: impl Fn(NodeId) -> bool,
    ) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        let mut stack: Vec<NodeId> = starts.into_iter().collect();
        while let Some(node) = stack.pop() {
            let Some(flag) = seen.get_mut(node) else {
                continue;
            };
            if std::mem::replace(flag, true) || wall(node) {
                continue;
            }
            stack.extend_from_slice(self.edges(node));
        }
        seen
    }

    /// Propagates operations along the edges: cycles first become one, then every edge is walked once.
    pub(crate) fn reach(&self, operations: usize) -> Reach {
        let (component_of, components) = self.components();
        let words = operations.div_ceil(64);
        let mut bits = vec![0_u64; components.len() * words * 2];
        for root in self.roots {
            let component = component_of.get(root.node).copied().unwrap_or_default();
            let offset = match root.direction {
                Direction::Request => 0,
                Direction::Response => words,
            };
            let index = component * words * 2 + offset + root.operation / 64;
            if let Some(word) = bits.get_mut(index) {
                *word |= 1 << (root.operation % 64);
            }
        }
        // Components are numbered sinks first, so walking backwards sees all of a component's ways in.
        let width = words * 2;
        for (number, members) in components.iter().enumerate().rev() {
            let own: Vec<u64> = bits
                .get(number * width..(number + 1) * width)
                .map(<[u64]>::to_vec)
                .unwrap_or_default();
            if own.iter().all(|word| *word == 0) {
                continue;
            }
            for target in members.iter().flat_map(|node| self.edges(*node)) {
                let target = component_of.get(*target).copied().unwrap_or_default();
                if target == number {
                    continue;
                }
                if let Some(slots) = bits.get_mut(target * width..(target + 1) * width) {
                    for (slot, word) in slots.iter_mut().zip(&own) {
                        *slot |= word;
                    }
                }
            }
        }
        Reach {
            component_of,
            bits,
            words,
        }
    }

    /// Tarjan's strongly connected components, without recursion, sinks first.
    fn components(&self) -> (Vec<usize>, Vec<Vec<NodeId>>) {
        const NEW: usize = usize::MAX;
        let count = self.len();
        let mut index = vec![NEW; count];
        let mut low = vec![0; count];
        let mut component_of = vec![NEW; count];
        let mut components: Vec<Vec<NodeId>> = Vec::new();
        let mut open: Vec<NodeId> = Vec::new();
        let mut next = 0;
        for start in 0..count {
            if at(&index, start) != NEW {
                continue;
            }
            let mut calls = vec![(start, 0_usize)];
            while let Some((node, edge)) = calls.pop() {
                if edge == 0 {
                    put(&mut index, node, next);
                    put(&mut low, node, next);
                    next += 1;
                    open.push(node);
                }
                if let Some(target) = self.edges(node).get(edge).copied() {
                    calls.push((node, edge + 1));
                    if at(&index, target) == NEW {
                        calls.push((target, 0));
                    } else if at(&component_of, target) == NEW {
                        let lower = at(&low, node).min(at(&index, target));
                        put(&mut low, node, lower);
                    }
                    continue;
                }
                if at(&low, node) == at(&index, node) {
                    let mut members = Vec::new();
                    while let Some(member) = open.pop() {
                        put(&mut component_of, member, components.len());
                        members.push(member);
                        if member == node {
                            break;
                        }
                    }
                    components.push(members);
                }
                if let Some((parent, _)) = calls.last().copied() {
                    let lower = at(&low, parent).min(at(&low, node));
                    put(&mut low, parent, lower);
                }
            }
        }
        (component_of, components)
    }
}

fn at(values: &[usize], index: usize) -> usize {
    values.get(index).copied().unwrap_or_default()
}

fn put(values: &mut [usize], index: usize, value: usize) {
    if let Some(slot) = values.get_mut(index) {
        *slot = value;
    }
}

/// The operations that reach each node.
pub(crate) struct Reach {
    component_of: Vec<usize>,
    bits: Vec<u64>,
    words: usize,
}

impl Reach {
    /// Adds the operations that reach `node` in `direction`, a bit each; true when there are any.
    pub(crate) fn collect(&self, node: NodeId, direction: Direction, into: &mut Vec<u64>) -> bool {
        let component = at(&self.component_of, node);
        let offset = match direction {
            Direction::Request => 0,
            Direction::Response => self.words,
        };
        let start = component * self.words * 2 + offset;
        let own = self.bits.get(start..start + self.words);
        let own = own.unwrap_or_default();
        into.resize(self.words, 0);
        let mut any = 0;
        for (word, own) in into.iter_mut().zip(own) {
            *word |= own;
            any |= own;
        }
        any != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Graph};

    #[test]
    fn operations_flow_through_cycles_and_shared_nodes() {
        let mut graph = Graph::default();
        let nodes: Vec<_> = (0..6).map(|_| graph.add_node()).collect();
        // 0 → 1 ⇄ 2 → 3, 4 → 3, 5 alone
        for (from, to) in [(0, 1), (1, 2), (2, 1), (2, 3), (4, 3)] {
            graph.add_edge(nodes[from], nodes[to]);
        }
        graph.add_root(0, 0, Direction::Request);
        graph.add_root(4, 70, Direction::Response);
        let reach = graph.network().reach(71);
        let of = |node, direction| {
            let mut found = Vec::new();
            reach.collect(node, direction, &mut found);
            let bits = 0..found.len() * 64;
            bits.filter(|bit| found[bit / 64] >> (bit % 64) & 1 == 1)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(1, Direction::Request), [0]);
        assert_eq!(of(3, Direction::Request), [0]);
        assert_eq!(of(3, Direction::Response), [70]);
        assert!(of(2, Direction::Response).is_empty());
        assert!(of(5, Direction::Request).is_empty());
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let mut graph = Graph::default();
        for number in 0..200_000 {
            graph.add_node();
            if number > 0 {
                graph.add_edge(number - 1, number);
            }
        }
        graph.add_root(0, 0, Direction::Request);
        let reach = graph.network().reach(1);
        let mut found = Vec::new();
        assert!(reach.collect(199_999, Direction::Request, &mut found));
        assert!(!reach.collect(199_999, Direction::Response, &mut found));
    }
}
