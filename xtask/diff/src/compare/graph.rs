//! Reachability of pairs of places from operations, per direction, in one pass over the graph.

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use petgraph::Incoming;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeFiltered, EdgeRef as _};

use rustc_hash::FxHashSet;

use super::direction::{Direction, NodeId, Via};

/// An operation's way into the graph.
struct Root {
    node: NodeId,
    operation: usize,
    direction: Direction,
}

/// Pairs of places and which leads to which. Each pair has a vertex per direction.
#[derive(Default)]
pub(crate) struct Graph {
    vertices: DiGraph<(), (), u32>,
    roots: Vec<Root>,
}

impl Graph {
    pub(crate) fn add_node(&mut self) -> NodeId {
        let node = self.vertices.add_node(()).index() / 2;
        self.vertices.add_node(());
        node
    }

    pub(crate) fn add_edge(&mut self, from: NodeId, to: NodeId, via: Via) {
        use Direction::{Request, Response};
        let edges = match via {
            Via::Both => &[(Request, Request), (Response, Response)][..],
            Via::Only(Request) => &[(Request, Request)],
            Via::Only(Response) => &[(Response, Response)],
            Via::Into(Request) => &[(Request, Request)],
            Via::Into(Response) => &[(Request, Response)],
        };
        for (before, after) in edges {
            let pair = (vertex(from, *before), vertex(to, *after));
            self.vertices.add_edge(pair.0, pair.1, ());
        }
    }

    /// A node for what an operation receives.
    pub(crate) fn add_answer(&mut self, operation: NodeId) -> NodeId {
        let node = self.add_node();
        self.add_edge(operation, node, Via::Into(Direction::Response));
        node
    }

    pub(crate) fn add_root(&mut self, node: NodeId, operation: usize, direction: Direction) {
        self.roots.push(Root {
            node,
            operation,
            direction,
        });
    }

    /// Nodes in reach of the nodes that no edge leads to and of the roots, not going on from the
    /// nodes in `walls`.
    pub(crate) fn reachable(&self, walls: &FxHashSet<NodeId>) -> FxHashSet<NodeId> {
        let entered = |node: NodeId| {
            let mut both = [Direction::Request, Direction::Response]
                .map(|way| vertex(node, way))
                .into_iter();
            both.any(|vertex| {
                self.vertices
                    .neighbors_directed(vertex, Incoming)
                    .next()
                    .is_some()
            })
        };
        let nodes = 0..self.vertices.node_count() / 2;
        let sources = nodes.filter(|node| !entered(*node));
        let starts = sources.chain(self.roots.iter().map(|root| root.node));
        let starts = starts.filter(|start| !walls.contains(start));
        let open =
            EdgeFiltered::from_fn(&self.vertices, |edge| !walls.contains(&node(edge.source())));
        let mut search = Dfs::empty(&open);
        let mut seen = FxHashSet::default();
        for start in starts {
            for direction in [Direction::Request, Direction::Response] {
                search.move_to(vertex(start, direction));
                while let Some(found) = search.next(&open) {
                    seen.insert(node(found));
                }
            }
        }
        seen
    }

    /// Carries values back along the edges: the greatest value in reach of each pair, per direction.
    pub(crate) fn greatest<T: Ord + Copy>(&self, own: &[(NodeId, Direction, T)]) -> Greatest<T> {
        let components = kosaraju_scc(&self.vertices);
        let mut greatest = vec![None; self.vertices.node_count()];
        let raise = |greatest: &mut [Option<T>], at: NodeIndex, value: Option<T>| {
            if let Some(slot) = greatest.get_mut(at.index()) {
                *slot = value.max(*slot);
            }
        };
        for (node, direction, value) in own {
            raise(&mut greatest, vertex(*node, *direction), Some(*value));
        }
        // Components come sinks first, so what an edge leads to is settled.
        for members in &components {
            let inside = members.iter().flat_map(|member| {
                let targets = self.vertices.neighbors(*member);
                targets.chain([*member])
            });
            let value = inside
                .filter_map(|vertex| *greatest.get(vertex.index())?)
                .max();
            for member in members {
                raise(&mut greatest, *member, value);
            }
        }
        Greatest(greatest)
    }

    /// Carries operations along the edges: every cycle becomes one vertex, then every edge is
    /// walked once.
    pub(crate) fn reach(&self, operations: usize) -> Reach {
        // Iterative, unlike Tarjan's algorithm there; components come sinks first.
        let components = kosaraju_scc(&self.vertices);
        let mut component_of = vec![0_u32; self.vertices.node_count()];
        for (number, members) in (0_u32..).zip(&components) {
            for member in members {
                if let Some(slot) = component_of.get_mut(member.index()) {
                    *slot = number;
                }
            }
        }
        let mut reach = Reach {
            component_of,
            sets: vec![None; components.len()],
        };
        for root in &self.roots {
            let component = reach.component(vertex(root.node, root.direction));
            if let Some(set) = reach.sets.get_mut(component) {
                let set = set.get_or_insert_with(|| FixedBitSet::with_capacity(operations).into());
                Arc::make_mut(set).insert(root.operation);
            }
        }
        for (number, members) in components.iter().enumerate().rev() {
            let Some(own) = reach.sets.get(number).cloned().flatten() else {
                continue;
            };
            for member in members {
                for target in self.vertices.neighbors(*member) {
                    let target = reach.component(target);
                    if target != number
                        && let Some(slot) = reach.sets.get_mut(target)
                    {
                        merge(slot, &own);
                    }
                }
            }
        }
        reach
    }
}

/// Adds a set to another; equal sets are shared, because many pairs are reached by the same
/// operations.
fn merge(into: &mut Option<Arc<FixedBitSet>>, set: &Arc<FixedBitSet>) {
    match into {
        None => *into = Some(Arc::clone(set)),
        Some(known) if Arc::ptr_eq(known, set) || set.is_subset(known) => {}
        Some(known) if known.is_subset(set) => *into = Some(Arc::clone(set)),
        Some(known) => Arc::make_mut(known).union_with(set),
    }
}

fn vertex(node: NodeId, direction: Direction) -> NodeIndex {
    let offset = match direction {
        Direction::Request => 0,
        Direction::Response => 1,
    };
    NodeIndex::new(node * 2 + offset)
}

fn node(vertex: NodeIndex) -> NodeId {
    vertex.index() / 2
}

/// The greatest value in reach of each pair.
pub(crate) struct Greatest<T>(Vec<Option<T>>);

impl<T: Copy> Greatest<T> {
    pub(crate) fn of(&self, node: NodeId, direction: Direction) -> Option<T> {
        *self.0.get(vertex(node, direction).index())?
    }
}

/// The operations that reach each pair.
pub(crate) struct Reach {
    component_of: Vec<u32>,
    sets: Vec<Option<Arc<FixedBitSet>>>,
}

impl Reach {
    fn component(&self, vertex: NodeIndex) -> usize {
        let component = self.component_of.get(vertex.index());
        component.map_or(usize::MAX, |component| *component as usize)
    }

    /// The operations that reach one of some pairs in a direction; none when none does.
    pub(crate) fn of(&self, nodes: &[NodeId], direction: Direction) -> Option<Arc<FixedBitSet>> {
        let mut all = None;
        for node in nodes {
            let component = self.component(vertex(*node, direction));
            if let Some(Some(set)) = self.sets.get(component) {
                merge(&mut all, set);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Graph, Via};

    fn reached(graph: &Graph, node: usize, direction: Direction) -> Vec<usize> {
        let set = graph.reach(71).of(&[node], direction);
        set.map_or(Vec::new(), |set| set.ones().collect())
    }

    #[test]
    fn operations_flow_through_cycles_and_shared_nodes() {
        let mut graph = Graph::default();
        let nodes: Vec<_> = (0..6).map(|_| graph.add_node()).collect();
        // 0 → 1 ⇄ 2 → 3, 4 → 3, 5 alone
        for (from, to) in [(0, 1), (1, 2), (2, 1), (2, 3), (4, 3)] {
            graph.add_edge(nodes[from], nodes[to], Via::Both);
        }
        graph.add_root(0, 0, Direction::Request);
        graph.add_root(4, 70, Direction::Response);
        assert_eq!(reached(&graph, 1, Direction::Request), [0]);
        assert_eq!(reached(&graph, 3, Direction::Request), [0]);
        assert_eq!(reached(&graph, 3, Direction::Response), [70]);
        assert!(reached(&graph, 2, Direction::Response).is_empty());
        assert!(reached(&graph, 5, Direction::Request).is_empty());
    }

    #[test]
    fn an_edge_can_turn_or_hold_back_a_direction() {
        let mut graph = Graph::default();
        let nodes: Vec<_> = (0..3).map(|_| graph.add_node()).collect();
        graph.add_root(0, 1, Direction::Request);
        graph.add_edge(nodes[0], nodes[1], Via::Into(Direction::Request));
        graph.add_edge(nodes[0], nodes[1], Via::Into(Direction::Response));
        graph.add_edge(nodes[1], nodes[2], Via::Only(Direction::Response));
        assert_eq!(reached(&graph, 1, Direction::Request), [1]);
        assert_eq!(reached(&graph, 1, Direction::Response), [1]);
        assert!(reached(&graph, 2, Direction::Request).is_empty());
        assert_eq!(reached(&graph, 2, Direction::Response), [1]);
    }

    #[test]
    fn the_greatest_value_in_reach_is_carried_back() {
        let mut graph = Graph::default();
        let nodes: Vec<_> = (0..5).map(|_| graph.add_node()).collect();
        // 0 → 1 ⇄ 2 → 3, and 0 → 4 for responses alone
        for (from, to) in [(0, 1), (1, 2), (2, 1), (2, 3)] {
            graph.add_edge(nodes[from], nodes[to], Via::Both);
        }
        graph.add_edge(nodes[0], nodes[4], Via::Only(Direction::Response));
        let own = [
            (nodes[3], Direction::Request, 3),
            (nodes[2], Direction::Request, 2),
            (nodes[4], Direction::Response, 9),
            (nodes[4], Direction::Request, 7),
        ];
        let greatest = graph.greatest(&own);
        assert_eq!(greatest.of(nodes[0], Direction::Request), Some(3));
        assert_eq!(greatest.of(nodes[1], Direction::Request), Some(3));
        assert_eq!(greatest.of(nodes[3], Direction::Request), Some(3));
        assert_eq!(greatest.of(nodes[0], Direction::Response), Some(9));
        assert_eq!(greatest.of(nodes[1], Direction::Response), None);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let mut graph = Graph::default();
        for number in 0..100_000 {
            graph.add_node();
            if number > 0 {
                graph.add_edge(number - 1, number, Via::Both);
            }
        }
        graph.add_root(0, 0, Direction::Request);
        assert_eq!(reached(&graph, 99_999, Direction::Request), [0]);
        assert!(reached(&graph, 99_999, Direction::Response).is_empty());
    }
}
