using Acm.Client;
using Acm.Client.History;

namespace Acm.Tests.History;

/// <summary>A version is the state after its change, wherever the server stores that.</summary>
public sealed class RevisionMapTests
{
    [Theory]
    [InlineData(RevisionKind.Added, null, StateSource.Row)]
    [InlineData(RevisionKind.Added, RevisionKind.Changed, StateSource.Row)]
    [InlineData(RevisionKind.Added, RevisionKind.Removed, StateSource.Row)]
    [InlineData(RevisionKind.Changed, null, StateSource.Current)]
    [InlineData(RevisionKind.Changed, RevisionKind.Changed, StateSource.NextRow)]
    [InlineData(RevisionKind.Changed, RevisionKind.Removed, StateSource.NextRow)]
    [InlineData(RevisionKind.Changed, RevisionKind.Added, StateSource.Unknown)]
    [InlineData(RevisionKind.Removed, null, StateSource.Nothing)]
    [InlineData(RevisionKind.Removed, RevisionKind.Added, StateSource.Nothing)]
    public void The_state_after_a_change_is_found_in_its_row_or_the_next_one_or_now(RevisionKind kind, RevisionKind? next, object expected) =>
        Assert.Equal((StateSource)expected, RevisionMap.After(kind, next));

    [Theory]
    [InlineData(RevisionKind.Added, false)]
    [InlineData(RevisionKind.Changed, true)]
    [InlineData(RevisionKind.Removed, true)]
    public void The_row_of_an_addition_holds_no_state_before_it(RevisionKind kind, bool expected) => Assert.Equal(expected, RevisionMap.HoldsStateBefore(kind));
}
