namespace IdentityHub.Admin;

/// <summary>The addresses of the administration.</summary>
internal static class AdminPaths
{
    public const string Overview = "/admin";
    public const string People = "/admin/people";
    public const string RelyingParties = "/admin/relying-parties";
    public const string Revocations = "/admin/revocations";
    public const string EndMany = "/admin/end-many";
    public const string Audit = "/admin/audit";
    public const string Keys = "/admin/keys";
    public const string Administrators = "/admin/administrators";
}
