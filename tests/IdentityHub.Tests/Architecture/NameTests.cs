using System.Text.RegularExpressions;
using Mono.Cecil;
using Xunit;

namespace IdentityHub.Tests.Architecture;

public sealed partial class NameTests : IDisposable
{
    private readonly AssemblyReader _hub = new(Path.Combine(AppContext.BaseDirectory, "hub.dll"), "IdentityHub");

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void Types_are_named_by_what_they_do() => Findings.None(_hub.Types.Where(IsNamedByRole).Select(type => type.FullName));

    [Fact]
    public void No_type_is_named_like_its_namespace() => Findings.None(
        _hub.Types.Where(type => type.DeclaringType is null && type.Namespace.Split('.').Contains(BareName(type))).Select(type => type.FullName));

    [Theory]
    [InlineData("TokenHelper", true)]
    [InlineData("StringUtils", true)]
    [InlineData("SessionManager", true)]
    [InlineData("SessionService", true)]
    [InlineData("SessionServiceImpl", true)]
    [InlineData("SessionDto", true)]
    [InlineData("PageBase", true)]
    [InlineData("Database", false)]
    [InlineData("Managed", false)]
    [InlineData("ServiceLevel", false)]
    [InlineData("LogoutToken", false)]
    public void A_name_by_role_is_seen(string name, bool expected) => Assert.Equal(expected, ByRole().IsMatch(name));

    // Identity and OpenIddict call their own extension points managers; a class that extends one says so by its name.
    private static bool IsNamedByRole(TypeDefinition type) =>
        ByRole().IsMatch(BareName(type)) && !(BareName(type).EndsWith("Manager", StringComparison.Ordinal) && ExtendsForeignManager(type));

    private static bool ExtendsForeignManager(TypeDefinition type) =>
        type.BaseType is { } parent && parent.Scope != type.Module && parent.Name.Split('`')[0].EndsWith("Manager", StringComparison.Ordinal);

    private static string BareName(TypeDefinition type) => type.Name.Split('`')[0];

    [GeneratedRegex("(Helpers?|Util|Utils|Utility|Utilities|Manager|Service|Impl|Dto|Base)$")]
    private static partial Regex ByRole();
}
