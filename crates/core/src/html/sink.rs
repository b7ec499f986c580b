//! Builds scraper's tree and records the elements that each token creates.

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName};
use scraper::{Html, HtmlTreeSink};
use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

/// Maximum number of times that `<html>` may add attributes to the root. The cost of each is proportional to
/// the attributes that the root already has.
const MOST_MERGED: usize = 64;

/// A handle of a node in the tree.
pub(super) type NodeHandle = <HtmlTreeSink as TreeSink>::Handle;

/// Wraps scraper's own sink and records what happens.
pub(super) struct NotedSink {
    tree: HtmlTreeSink,
    /// The elements created since they were last taken, in order.
    created: RefCell<Vec<NodeHandle>>,
    /// The element that most recently got attributes from another tag.
    merged: Cell<Option<NodeHandle>>,
    merges: Cell<usize>,
}

impl NotedSink {
    pub(super) fn new() -> Self {
        let tree = HtmlTreeSink::new(Html::new_fragment());
        Self { tree, created: RefCell::default(), merged: Cell::default(), merges: Cell::default() }
    }

    /// Moves the elements created since the last call into `created`.
    pub(super) fn take_created(&self, created: &mut Vec<NodeHandle>) {
        created.clear();
        created.append(&mut self.created.borrow_mut());
    }

    /// The element that got attributes from another tag since the last call.
    pub(super) fn take_merged(&self) -> Option<NodeHandle> {
        self.merged.take()
    }

    /// The tree so far.
    pub(super) fn html(&self) -> Ref<'_, Html> {
        self.tree.0.borrow()
    }
}

impl TreeSink for NotedSink {
    type Handle = NodeHandle;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeHandle {
        let node = self.tree.create_element(name, attributes, flags);
        self.created.borrow_mut().push(node);
        node
    }

    fn add_attrs_if_missing(&self, target: &NodeHandle, attributes: Vec<Attribute>) {
        self.merged.set(Some(*target));
        self.merges.update(|merges| merges + 1);
        if self.merges.get() <= MOST_MERGED {
            self.tree.add_attrs_if_missing(target, attributes);
        }
    }

    fn finish(self) -> Html {
        self.tree.finish()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeHandle {
        self.tree.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeHandle) -> Ref<'a, QualName> {
        self.tree.elem_name(target)
    }

    fn create_comment(&self, text: StrTendril) -> NodeHandle {
        self.tree.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeHandle {
        self.tree.create_pi(target, data)
    }

    fn append(&self, parent: &NodeHandle, child: NodeOrText<NodeHandle>) {
        self.tree.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeHandle,
        previous: &NodeHandle,
        child: NodeOrText<NodeHandle>,
    ) {
        self.tree.append_based_on_parent_node(element, previous, child);
    }

    fn append_before_sibling(&self, sibling: &NodeHandle, child: NodeOrText<NodeHandle>) {
        self.tree.append_before_sibling(sibling, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.tree.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &NodeHandle) -> NodeHandle {
        self.tree.get_template_contents(target)
    }

    fn same_node(&self, left: &NodeHandle, right: &NodeHandle) -> bool {
        self.tree.same_node(left, right)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.tree.set_quirks_mode(mode);
    }

    fn remove_from_parent(&self, target: &NodeHandle) {
        self.tree.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeHandle, parent: &NodeHandle) {
        self.tree.reparent_children(node, parent);
    }
}
