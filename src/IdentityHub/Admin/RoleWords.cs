using IdentityHub.Access;
using System.Diagnostics;

namespace IdentityHub.Admin;

/// <summary>A role in the words of a page. Pure.</summary>
internal static class RoleWords
{
    public static string Of(AdminRole role) => role switch
    {
        AdminRole.Viewer => PeopleTexts.RoleViewer,
        AdminRole.Operator => PeopleTexts.RoleOperator,
        AdminRole.Administrator => PeopleTexts.RoleAdministrator,
        _ => throw new UnreachableException(),
    };
}
