using IdentityHub.Access;
using Xunit;

namespace IdentityHub.Tests.Access;

/// <summary>The one table of who may do what.</summary>
public sealed class CapabilitiesTests
{
    [Theory]
    [InlineData(AdminRole.Viewer, "ReadPeople ReadRelyingParties ReadRevocations ReadAudit ReadKeys")]
    [InlineData(AdminRole.Operator, "ReadPeople EndSessions ReadRelyingParties ReadRevocations RedriveRevocations ReadAudit ReadKeys")]
    [InlineData(AdminRole.Administrator, "ReadPeople EndSessions ManagePeople ReadRelyingParties ManageRelyingParties ReadRevocations RedriveRevocations ReadAudit ReadKeys RotateKeys ManageAdministrators")]
    public void A_role_can_do_exactly_this(AdminRole role, string capabilities) =>
        Assert.Equal(capabilities, string.Join(' ', Enum.GetValues<Capability>().Where(c => role.Has(c))));

    [Fact]
    public void A_capability_that_changes_something_is_no_reading() =>
        Assert.Equal(
            [Capability.ReadPeople, Capability.ReadRelyingParties, Capability.ReadRevocations, Capability.ReadAudit, Capability.ReadKeys],
            Enum.GetValues<Capability>().Where(c => c.IsReading()));

    [Fact]
    public void Each_has_a_scope_of_its_own()
    {
        var scopes = Enum.GetValues<Capability>().Select(c => c.Scope()).ToList();

        Assert.Equal(scopes.Count, scopes.Distinct().Count());
        Assert.All(scopes, scope => Assert.Matches(@"^hub\.[a-z_]+\.[a-z]+$", scope));
    }

    [Theory]
    [InlineData("viewer", AdminRole.Viewer)]
    [InlineData("operator", AdminRole.Operator)]
    [InlineData("administrator", AdminRole.Administrator)]
    [InlineData("Administrator", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_role_is_known_by_its_name(string? name, AdminRole? role) => Assert.Equal(role, Capabilities.RoleOf(name));
}
