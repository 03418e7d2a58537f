package postgres

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/sqlc-dev/oliphant/ast"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// fields are the messages of the parser's trees that the walk reads, each with the fields that it reads and, after a bar,
// those that the parser leaves empty: they belong to later stages of the server.
var fields = map[string]string{
	"SelectStmt": `distinct_clause into_clause target_list from_clause where_clause group_clause group_distinct having_clause window_clause values_lists
		sort_clause limit_offset limit_count limit_option locking_clause with_clause op all larg rarg`,
	"RangeVar":         `catalogname schemaname relname inh relpersistence alias location`,
	"Alias":            `aliasname colnames`,
	"ResTarget":        `name indirection val location`,
	"ColumnRef":        `fields location`,
	"ParamRef":         `number location`,
	"A_Expr":           `kind name lexpr rexpr rexpr_list_start rexpr_list_end location`,
	"A_Const":          `ival fval boolval sval bsval isnull location`,
	"A_Star":           ``,
	"A_Indices":        `is_slice lidx uidx`,
	"A_Indirection":    `arg indirection`,
	"A_ArrayExpr":      `elements list_start list_end location`,
	"TypeCast":         `arg type_name location`,
	"TypeName":         `names type_oid setof pct_type typmods typemod array_bounds location`,
	"CollateClause":    `arg collname location`,
	"FuncCall":         `funcname args agg_order agg_filter over agg_within_group agg_star agg_distinct func_variadic funcformat location`,
	"NamedArgExpr":     `arg name argnumber location | xpr`,
	"WindowDef":        `name refname partition_clause order_clause frame_options start_offset end_offset location`,
	"RangeSubselect":   `lateral subquery alias`,
	"RangeFunction":    `lateral ordinality is_rowsfrom functions alias coldeflist`,
	"RangeTableSample": `relation method args repeatable location`,
	"JoinExpr":         `jointype is_natural larg rarg using_clause join_using_alias quals alias | rtindex`,
	"WithClause":       `ctes recursive location`,
	"CommonTableExpr": `ctename aliascolnames ctematerialized ctequery search_clause cycle_clause location | cterecursive cterefcount ctecolnames
		ctecoltypes ctecoltypmods ctecolcollations`,
	"SubLink":          `sub_link_type testexpr oper_name subselect location | xpr sub_link_id`,
	"BoolExpr":         `boolop args location | xpr`,
	"CaseExpr":         `arg args defresult location | xpr casetype casecollid`,
	"CaseWhen":         `expr result location | xpr`,
	"CoalesceExpr":     `args location | xpr coalescetype coalescecollid`,
	"MinMaxExpr":       `op args location | xpr minmaxtype minmaxcollid inputcollid`,
	"NullTest":         `arg nulltesttype location | xpr argisrow`,
	"BooleanTest":      `arg booltesttype location | xpr`,
	"RowExpr":          `args row_format colnames location | xpr row_typeid`,
	"SortBy":           `node sortby_dir sortby_nulls use_op location`,
	"GroupingSet":      `kind content location`,
	"GroupingFunc":     `args refs location | xpr agglevelsup`,
	"SQLValueFunction": `op typmod location | xpr type`,
	"ColumnDef": `colname type_name coll_clause constraints fdwoptions raw_default cooked_default identity_sequence compression identity generated
		storage_name location is_local | inhcount is_not_null is_from_type storage coll_oid`,
	"List":      `items`,
	"String":    `sval`,
	"Integer":   `ival`,
	"Float":     `fval`,
	"Boolean":   `boolval`,
	"BitString": `bsval`,
}

// refusedNodes are all other types of node that a statement may hold. Nothing reads them, so that they are refused wherever
// they stand. A new version of the parser that has another type fails the test until somebody has looked at it.
const refusedNodes = `ATAlterConstraint AccessPriv Aggref AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt
	AlterDatabaseStmt AlterDefaultPrivilegesStmt AlterDomainStmt AlterEnumStmt AlterEventTrigStmt AlterExtensionContentsStmt
	AlterExtensionStmt AlterFdwStmt AlterForeignServerStmt AlterFunctionStmt AlterObjectDependsStmt AlterObjectSchemaStmt
	AlterOpFamilyStmt AlterOperatorStmt AlterOwnerStmt AlterPolicyStmt AlterPublicationStmt AlterRoleSetStmt AlterRoleStmt
	AlterSeqStmt AlterStatsStmt AlterSubscriptionStmt AlterSystemStmt AlterTSConfigurationStmt AlterTSDictionaryStmt
	AlterTableCmd AlterTableMoveAllStmt AlterTableSpaceOptionsStmt AlterTableStmt AlterTypeStmt AlterUserMappingStmt
	AlternativeSubPlan ArrayCoerceExpr ArrayExpr CTECycleClause CTESearchClause CallContext CallStmt CaseTestExpr
	CheckPointStmt ClosePortalStmt ClusterStmt CoerceToDomain CoerceToDomainValue CoerceViaIO CollateExpr CommentStmt
	CompositeTypeStmt Constraint ConstraintsSetStmt ConvertRowtypeExpr CopyStmt CreateAmStmt CreateCastStmt
	CreateConversionStmt CreateDomainStmt CreateEnumStmt CreateEventTrigStmt CreateExtensionStmt CreateFdwStmt
	CreateForeignServerStmt CreateForeignTableStmt CreateFunctionStmt CreateOpClassItem CreateOpClassStmt CreateOpFamilyStmt
	CreatePLangStmt CreatePolicyStmt CreatePublicationStmt CreateRangeStmt CreateRoleStmt CreateSchemaStmt CreateSeqStmt
	CreateStatsStmt CreateStmt CreateSubscriptionStmt CreateTableAsStmt CreateTableSpaceStmt CreateTransformStmt
	CreateTrigStmt CreateUserMappingStmt CreatedbStmt CurrentOfExpr DeallocateStmt DeclareCursorStmt DefElem DefineStmt
	DeleteStmt DiscardStmt DistinctExpr DoStmt DropOwnedStmt DropRoleStmt DropStmt DropSubscriptionStmt DropTableSpaceStmt
	DropUserMappingStmt DropdbStmt ExecuteStmt ExplainStmt FetchStmt FieldSelect FieldStore FromExpr FuncExpr
	FunctionParameter GrantRoleStmt GrantStmt ImportForeignSchemaStmt IndexElem IndexStmt InferClause InferenceElem
	InlineCodeBlock InsertStmt IntList IntoClause JsonAggConstructor JsonArgument JsonArrayAgg JsonArrayConstructor
	JsonArrayQueryConstructor JsonBehavior JsonConstructorExpr JsonExpr JsonFormat JsonFuncExpr JsonIsPredicate JsonKeyValue
	JsonObjectAgg JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning JsonScalarExpr JsonSerializeExpr JsonTable
	JsonTableColumn JsonTablePath JsonTablePathScan JsonTablePathSpec JsonTableSiblingJoin JsonValueExpr ListenStmt LoadStmt
	LockStmt LockingClause MergeAction MergeStmt MergeSupportFunc MergeWhenClause MultiAssignRef NextValueExpr NotifyStmt
	NullIfExpr ObjectWithArgs OidList OnConflictClause OnConflictExpr OpExpr PLAssignStmt Param PartitionBoundSpec
	PartitionCmd PartitionElem PartitionRangeDatum PartitionSpec PrepareStmt PublicationObjSpec PublicationTable Query
	RTEPermissionInfo RangeTableFunc RangeTableFuncCol RangeTblEntry RangeTblFunction RangeTblRef RawStmt ReassignOwnedStmt
	RefreshMatViewStmt ReindexStmt RelabelType RenameStmt ReplicaIdentityStmt ReturnStmt ReturningClause ReturningExpr
	ReturningOption RoleSpec RowCompareExpr RowMarkClause RuleStmt ScalarArrayOpExpr SecLabelStmt SetOperationStmt
	SetToDefault SortGroupClause StatsElem SubPlan SubscriptingRef TableFunc TableLikeClause TableSampleClause TargetEntry
	TransactionStmt TriggerTransition TruncateStmt UnlistenStmt UpdateStmt VacuumRelation VacuumStmt Var VariableSetStmt
	VariableShowStmt ViewStmt WindowClause WindowFunc WindowFuncRunCondition WithCheckOption XmlExpr XmlSerialize`

func TestEveryFieldIsAccountedFor(t *testing.T) {
	nodes := (&ast.Node{}).ProtoReflect().Descriptor().Fields()
	for i := 0; i < nodes.Len(); i++ {
		m := nodes.Get(i).Message()
		known, ok := fields[string(m.Name())]
		if !ok {
			continue
		}
		want := strings.Fields(strings.ReplaceAll(known, "|", ""))
		var got []string
		for j := 0; j < m.Fields().Len(); j++ {
			got = append(got, string(m.Fields().Get(j).Name()))
		}
		sort.Strings(want)
		sort.Strings(got)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s has the fields %v, not %v", m.Name(), got, want)
		}
	}
}

func TestEveryNodeIsReadOrRefused(t *testing.T) {
	refused := map[string]bool{}
	for _, name := range strings.Fields(refusedNodes) {
		refused[name] = true
	}
	nodes := (&ast.Node{}).ProtoReflect().Descriptor().Fields()
	for i := 0; i < nodes.Len(); i++ {
		name := string(nodes.Get(i).Message().Name())
		if _, ok := fields[name]; ok == refused[name] {
			t.Errorf("%s must be either read or refused", name)
		}
		delete(refused, name)
		if _, ok := fields[name]; ok || name == "RangeTableFunc" || name == "JsonTable" {
			continue
		}
		// A node of that type in the place of an expression.
		n := &ast.Node{}
		n.ProtoReflect().Set(nodes.Get(i), protoreflect.ValueOfMessage(n.ProtoReflect().NewField(nodes.Get(i)).Message()))
		s, tree := parsed(t, "select a from t")
		tree.TargetList[0].GetResTarget().Val = n
		pairs, err := measure(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := walk(s, pairs, tree); err == nil {
			t.Errorf("%s was read as an expression", name)
		}
		s, tree = parsed(t, "select 1 from t")
		tree.FromClause[0] = n
		if pairs, err = measure(s); err != nil {
			t.Fatal(err)
		}
		if _, err := walk(s, pairs, tree); err == nil {
			t.Errorf("%s was read in FROM", name)
		}
	}
	for name := range refused {
		t.Errorf("the parser has no node %s", name)
	}
}

// The fields that are not read are empty in every tree that is.
func TestUnreadFieldsAreEmpty(t *testing.T) {
	later := map[string]bool{}
	for name, known := range fields {
		if _, unread, ok := strings.Cut(known, "|"); ok {
			for _, f := range strings.Fields(unread) {
				later[name+"."+f] = true
			}
		}
	}
	seen := 0
	for _, sql := range accepted {
		_, tree := parsed(t, sql)
		each(tree.ProtoReflect(), func(m protoreflect.Message) {
			m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
				seen++
				if name := string(m.Descriptor().Name()) + "." + string(f.Name()); later[name] {
					t.Errorf("%s\nthe parser fills %s with %v", sql, name, v)
				}
				return true
			})
		})
	}
	if seen < 1000 {
		t.Errorf("only %d fields were looked at", seen)
	}
}
