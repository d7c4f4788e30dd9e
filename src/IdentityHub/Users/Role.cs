using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Users;

/// <summary>A role in the administration of the hub; its name is one of <c>viewer</c>, <c>operator</c>, <c>administrator</c>.</summary>
internal sealed class Role : IdentityRole<Guid>;
