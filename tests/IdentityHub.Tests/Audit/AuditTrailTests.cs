using IdentityHub.Audit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Audit;

public sealed class AuditTrailTests
{
    [Fact]
    public void The_identifiers_are_in_the_order_of_the_entries_also_within_a_millisecond()
    {
        var trail = new AuditTrail(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMicroseconds(1) });

        var ids = Enumerable.Range(0, 2500).Select(_ => trail.Entry("act", "system").Id).ToList();

        Assert.Equal(ids.Order(), ids);
        Assert.All(ids, id => Assert.Equal((7, 0b10), (id.Version, id.Variant >> 2)));
    }
}
